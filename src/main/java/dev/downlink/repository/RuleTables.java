// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.auth.Vault;
import dev.downlink.bus.Answer;
import dev.downlink.protocol.PolicyRows;
import dev.downlink.protocol.RuleRows;

/** The tables of all that an application asks for of its events. */
record RuleTables(RuleTable rules, ActionTable actions, QueueTable queues, CodeTable codes, PolicyTable policies) {

    static RuleTables of(Database database, Vault vault) {
        return new RuleTables(
                new RuleTable(database),
                new ActionTable(database, vault),
                new QueueTable(database),
                new CodeTable(database, vault),
                new PolicyTable(database));
    }

    Answer<?> answer(RuleRows<?> request) {
        return switch (request) {
            case RuleRows.InsertRule q -> Answer.to(q, rules.insert(q.rule(), q.maxPerProject()));
            case RuleRows.SelectRule q -> Answer.to(q, rules.select(q.project(), q.id()));
            case RuleRows.UpdateRule q -> Answer.to(q, rules.update(q));
            case RuleRows.DeleteRuleRow q -> Answer.to(q, rules.delete(q.project(), q.id()));
            case RuleRows.ListRules q -> Answer.to(q, rules.list(q));
            case RuleRows.InsertAction q -> Answer.to(q, actions.insert(q));
            case RuleRows.SelectAction q -> Answer.to(q, actions.select(q.project(), q.id()));
            case RuleRows.SelectActions q -> Answer.to(q, actions.select(q.project(), q.rule()));
            case RuleRows.UpdateAction q -> Answer.to(q, actions.update(q));
            case RuleRows.DeleteActionRow q -> Answer.to(q, actions.delete(q.project(), q.id()));
            case RuleRows.ListActions q -> Answer.to(q, actions.list(q));
            case RuleRows.InsertQueue q -> Answer.to(q, queues.insert(q.queue(), q.maxPerProject()));
            case RuleRows.SelectQueueById q -> Answer.to(q, queues.select(q.project(), q.id()));
            case RuleRows.SelectQueue q -> Answer.to(q, queues.select(q.project(), q.name()));
            case RuleRows.DeleteQueueRow q -> Answer.to(q, queues.delete(q.project(), q.id()));
            case RuleRows.ListQueues q -> Answer.to(q, queues.list(q));
            case RuleRows.UpsertCode q -> Answer.to(q, codes.upsert(q.code()));
            case RuleRows.SelectAccessCode q -> Answer.to(q, codes.select(q.accessKey()));
        };
    }

    Answer<?> answer(PolicyRows<?> request) {
        return switch (request) {
            case PolicyRows.InsertBacklogPolicy q -> Answer.to(q, policies.insert(q));
            case PolicyRows.SelectBacklogPolicy q -> Answer.to(q, policies.selectBacklog(q.project(), q.id()));
            case PolicyRows.UpdateBacklogPolicy q -> Answer.to(q, policies.update(q.change()));
            case PolicyRows.DeleteBacklogPolicyRow q -> Answer.to(q, policies.deleteBacklog(q.project(), q.id()));
            case PolicyRows.ListBacklogPolicies q -> Answer.to(q, policies.list(q));
            case PolicyRows.InsertFlowPolicy q -> Answer.to(q, policies.insert(q));
            case PolicyRows.SelectFlowPolicy q -> Answer.to(q, policies.selectFlow(q.project(), q.id()));
            case PolicyRows.UpdateFlowPolicy q -> Answer.to(q, policies.update(q.change()));
            case PolicyRows.DeleteFlowPolicyRow q -> Answer.to(q, policies.deleteFlow(q.project(), q.id()));
            case PolicyRows.ListFlowPolicies q -> Answer.to(q, policies.list(q));
        };
    }
}
