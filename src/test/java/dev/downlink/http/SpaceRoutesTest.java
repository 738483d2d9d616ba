// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.ProjectId;
import dev.downlink.model.Space;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.SpaceRequest.AddSpace;
import dev.downlink.protocol.SpaceRequest.DeleteSpace;
import dev.downlink.protocol.SpaceRequest.RenameSpace;
import dev.downlink.protocol.SpaceRequest.ShowSpace;
import dev.downlink.protocol.SpaceRequest.SpaceView;
import dev.downlink.protocol.SpaceRows.ListSpaces;
import dev.downlink.protocol.SpaceRows.Spaces;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Northbound §7. */
class SpaceRoutesTest {
    private static final String ALL = "/v5/iot/p1/apps";
    private static final ProjectId PROJECT = new ProjectId("p1");
    private static final Space SPACE =
            new Space(PROJECT, new SpaceId("s1"), "Space", true, Instant.parse("2026-01-02T03:04:05Z"));
    private static final String SHAPE =
            "{\"app_id\":\"s1\",\"app_name\":\"Space\",\"create_time\":\"20260102T030405Z\",\"default_app\":true}";

    private final Api api = new Api(1, 100);

    @BeforeEach
    void answer() {
        api.fake(q -> switch (q) {
            case ListSpaces _ -> new Spaces(List.of(SPACE));
            case DeleteSpace _ -> Done.DONE;
            default -> new SpaceView(SPACE);
        });
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void addAnswersTheSpace() {
        Api.Reply reply = api.post(ALL, "{\"app_name\":\"Space\"}");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.text()).isEqualTo(SHAPE);
        assertThat(api.asked(AddSpace.class)).isEqualTo(new AddSpace(PROJECT, "Space"));
    }

    @ParameterizedTest
    @CsvSource({"64,201", "65,400"})
    void nameHasALimit(int length, int status) {
        assertThat(api.post(ALL, "{\"app_name\":\"" + "x".repeat(length) + "\"}")
                        .status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"app_name\":null}", "{\"app_name\":1}", "{\"app_name\":\"\"}", "{\"app_name\":\"a/b\"}"
            })
    void nameMustBeThereAndRight(String body) {
        Api.Reply reply = api.post(ALL, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).startsWith("app_name ");
    }

    @Test
    void listHasNoPaging() {
        assertThat(api.get(ALL).text()).isEqualTo("{\"applications\":[" + SHAPE + "]}");
        assertThat(api.asked(ListSpaces.class)).isEqualTo(new ListSpaces(PROJECT, null));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void listMayBeOfTheDefaultSpaceOnlyOrOfTheOthers(boolean isDefault) {
        var _ = api.get(ALL + "?default_app=" + isDefault);

        assertThat(api.asked(ListSpaces.class)).isEqualTo(new ListSpaces(PROJECT, isDefault));
    }

    @Test
    void wrongFilterIsInvalid() {
        assertThat(api.get(ALL + "?default_app=yes").message()).startsWith("default_app ");
    }

    @Test
    void showAnswersTheSpace() {
        assertThat(api.get(ALL + "/s1").text()).isEqualTo(SHAPE);
        assertThat(api.asked(ShowSpace.class).id()).isEqualTo(new SpaceId("s1"));
    }

    @Test
    void unknownSpaceIs403() {
        api.fail(new Failure.SpaceNotFound(new SpaceId("s2")));

        Api.Reply reply = api.get(ALL + "/s2");

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.code()).isEqualTo("IOTDA.001000");
    }

    @Test
    void updateRenames() {
        Api.Reply reply = api.put(ALL + "/s1", "{\"app_name\":\"New\"}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(api.asked(RenameSpace.class)).isEqualTo(new RenameSpace(PROJECT, new SpaceId("s1"), "New"));
    }

    @Test
    void updateWithoutNameChangesNothing() {
        assertThat(api.put(ALL + "/s1", "{}").text()).isEqualTo(SHAPE);
        assertThat(api.asked).hasOnlyElementsOfType(ShowSpace.class);
    }

    @Test
    void deleteIs204() {
        assertThat(api.delete(ALL + "/s1").status()).isEqualTo(204);
        assertThat(api.asked(DeleteSpace.class)).isEqualTo(new DeleteSpace(PROJECT, new SpaceId("s1")));
    }

    @Test
    void idHasALimit() {
        assertThat(api.get(ALL + "/" + "x".repeat(36)).status()).isEqualTo(200);
        assertThat(api.get(ALL + "/" + "x".repeat(37)).status()).isEqualTo(400);
    }
}
