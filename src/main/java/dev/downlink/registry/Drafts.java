// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.model.CustomTopic;
import dev.downlink.model.InvalidField;
import dev.downlink.model.Product;
import dev.downlink.model.ProductId;
import dev.downlink.model.RecordId;
import dev.downlink.model.ServiceModel;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Text;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.ProductRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Products out of what callers sent, and changed products out of old ones. */
final class Drafts {
    private Drafts() {}

    /** @throws InvalidField for a mandatory field that is missing (northbound §1.1) */
    static Product create(ProductRequest.CreateProduct q, SpaceId space, Instant now) {
        ProductRequest.Draft draft = q.draft();
        RecordId recordId = RecordId.next(now);
        return new Product(
                recordId,
                q.project(),
                space,
                q.id() == null ? new ProductId(recordId.value()) : q.id(),
                Text.present("name", draft.name()),
                Text.present("device_type", draft.deviceType()),
                Text.present("protocol_type", draft.protocolType()),
                Text.present("data_format", draft.dataFormat()),
                draft.manufacturerName(),
                draft.industry(),
                draft.description(),
                mandatory(draft.services()),
                List.of(),
                null,
                now,
                1);
    }

    private static List<ServiceModel> mandatory(@Nullable List<ServiceModel> services) {
        if (services == null) {
            throw new InvalidField("service_capabilities", "is mandatory");
        }
        return services;
    }

    static Product update(Product old, ProductRequest.Draft draft) {
        String protocol = or(draft.protocolType(), old.protocolType());
        if (protocol.equals("CoAP") && !old.protocolType().equals("CoAP")) {
            throw new InvalidField("protocol_type", "cannot be changed to CoAP");
        }
        return new Product(
                old.recordId(),
                old.project(),
                old.space(),
                old.id(),
                or(draft.name(), old.name()),
                or(draft.deviceType(), old.deviceType()),
                protocol,
                or(draft.dataFormat(), old.dataFormat()),
                draft.manufacturerName() == null ? old.manufacturerName() : draft.manufacturerName(),
                draft.industry() == null ? old.industry() : draft.industry(),
                draft.description() == null ? old.description() : draft.description(),
                or(draft.services(), old.services()),
                old.topics(),
                old.messageCache(),
                old.created(),
                old.version());
    }

    private static <T> T or(@Nullable T sent, T old) {
        return sent == null ? old : sent;
    }

    static Product putTopic(Product old, CustomTopic topic) {
        List<CustomTopic> topics = without(old, topic.suffix());
        if (topics.size() == CustomTopic.MAX_PER_PRODUCT) {
            throw new Failed(new Failure.LimitReached("custom topics of a product", CustomTopic.MAX_PER_PRODUCT));
        }
        topics.add(topic);
        return old.withTopics(topics);
    }

    static Product removeTopic(Product old, String suffix) {
        List<CustomTopic> topics = without(old, suffix);
        if (topics.size() == old.topics().size()) {
            throw new Failed(new Failure.NotFound("topic", suffix));
        }
        return old.withTopics(topics);
    }

    private static List<CustomTopic> without(Product product, String suffix) {
        List<CustomTopic> topics = new ArrayList<>(product.topics());
        topics.removeIf(t -> t.suffix().equals(suffix));
        return topics;
    }
}
