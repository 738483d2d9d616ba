// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.model.Project;
import dev.downlink.model.ProjectId;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import java.util.List;
import java.util.function.Consumer;

/**
 * Who sent a request, and what can be checked of that only with the whole body.
 *
 * @param projects those that the caller may use
 * @param body throws {@link Failed} when the body is not the one that was signed
 */
record Pass(List<Project> projects, Consumer<BodyBytes> body) {
    /** Of a route that asks for none. */
    static final Pass ANYBODY = new Pass(List.of(), _ -> {});

    Pass {
        projects = List.copyOf(projects);
    }

    /** @throws Failed when the project is not one of the caller's */
    void checkProject(String segment) {
        if (segment.equals("{project_id}")) {
            throw new Failed(new Failure.Invalid("project_id", "was not filled in by the client"));
        }
        ProjectId project = new ProjectId(segment);
        for (Project own : projects) {
            if (own.id().equals(project)) {
                return;
            }
        }
        throw new Failed(new Failure.Forbidden("the project " + project + " is not one of the caller's"));
    }
}
