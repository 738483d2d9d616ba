// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.model.Project;
import dev.downlink.model.User;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How tokens and projects look in the answers of the identity calls (northbound §8.5). */
final class TokenShape {
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private TokenShape() {}

    static ObjectNode token(User user, @Nullable Project project, Instant issued, Instant expires) {
        Members token = new Members()
                .texts("methods", List.of("password"))
                .put("issued_at", MICROS.format(issued))
                .put("expires_at", MICROS.format(expires))
                .put(
                        "user",
                        named(user.name())
                                .put("domain", named(user.domain()).node())
                                .node())
                .texts("roles", List.of())
                .texts("catalog", List.of());
        if (project != null) {
            token.put("project", project(project));
        }
        return new Members().put("token", token.node()).node();
    }

    static ObjectNode project(Project project) {
        return new Members()
                .put("id", project.id().value())
                .put("name", project.name())
                .put("enabled", true)
                .node();
    }

    private static Members named(String name) {
        return new Members().put("id", name).put("name", name);
    }
}
