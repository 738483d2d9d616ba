// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.model.Project;
import dev.downlink.model.ProjectId;
import dev.downlink.model.SpaceId;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that has passed all checks, as the routes see it.
 *
 * @param projects those that the caller may use; empty where nobody has to say who he is
 */
record Call(
        HttpServerRequest request, RequestLine line, Map<String, String> path, List<Project> projects, BodyBytes body) {

    /** The project of the path; it was checked that the caller may use it. */
    ProjectId project() {
        return new ProjectId(segment("project_id"));
    }

    String segment(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalStateException("no " + name + " in this route");
        }
        return value;
    }

    @Nullable
    String parameter(String name) {
        @Nullable String value = line.parameter(name);
        return value == null ? null : Plain.storable(name, value);
    }

    /** The query parameter app_id. */
    @Nullable
    SpaceId space() {
        @Nullable String value = parameter("app_id");
        return value == null ? null : new SpaceId(value);
    }

    @Nullable
    String header(CharSequence name) {
        return request.getHeader(name);
    }

    String remoteAddress() {
        return request.remoteAddress().hostAddress();
    }

    Fields fields() {
        return Fields.of(body.bytes());
    }

    /** Fields of a body that may be left out. */
    Fields optionalFields() {
        return Fields.ofOptional(body.bytes());
    }
}
