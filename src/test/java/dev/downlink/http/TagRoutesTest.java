// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.Tag;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Page;
import dev.downlink.protocol.TagRequest.BindTags;
import dev.downlink.protocol.TagRequest.UnbindTags;
import dev.downlink.protocol.TagRows.ListTagged;
import dev.downlink.protocol.TagRows.Tagged;
import dev.downlink.protocol.TagRows.TaggedPage;
import dev.downlink.protocol.TagRows.Wanted;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TagRoutesTest {
    private static final String TAGS = "/v5/iot/p1/tags/";
    private static final ProjectId PROJECT = new ProjectId("p1");
    private static final DeviceId D = new DeviceId("d1");
    private static final String DEVICE = "{\"resource_type\":\"device\",\"resource_id\":\"d1\",";
    private static final RecordId RECORD = new RecordId("0123456789abcdef01234567");

    private final Api api = new Api(1, 100);

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void tagsAreBoundAndUnbound() {
        api.fake(_ -> Done.DONE);

        Api.Reply bound = api.post(
                TAGS + "bind-resource",
                DEVICE + "\"tags\":[{\"tag_key\":\"a\",\"tag_value\":\"长.-_1\"},{\"tag_key\":\"b\"}]}");
        Api.Reply unbound = api.post(TAGS + "unbind-resource", DEVICE + "\"tag_keys\":[\"a\",\"b\"]}");

        assertThat(List.of(bound.status(), unbound.status())).containsOnly(200);
        assertThat(bound.text() + unbound.text()).isEmpty();
        assertThat(api.asked(BindTags.class))
                .isEqualTo(new BindTags(PROJECT, D, List.of(new Tag("a", "长.-_1"), new Tag("b", ""))));
        assertThat(api.asked(UnbindTags.class)).isEqualTo(new UnbindTags(PROJECT, D, List.of("a", "b")));
    }

    @Test
    void devicesAreListedByTags() {
        api.fake(_ -> new TaggedPage(List.of(new Tagged(RECORD, D)), 3));

        Api.Reply reply = api.post(
                TAGS + "query-resources?limit=1&offset=2",
                "{\"resource_type\":\"device\",\"tags\":[{\"tag_key\":\"a\",\"tag_value\":\"1\"},{\"tag_key\":\"b\"}]}");

        assertThat(reply.text())
                .isEqualTo("{\"resources\":[{\"resource_id\":\"d1\"}],\"page\":{\"count\":3,\"marker\":\"" + RECORD
                        + "\"}}");
        assertThat(api.asked(ListTagged.class))
                .isEqualTo(new ListTagged(
                        PROJECT, List.of(new Wanted("a", "1"), new Wanted("b", null)), new Page(1, RecordId.LAST, 2)));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`\"tags\":[{\"tag_key\":\"a b\"}]`, tag_key",
                "`\"tags\":[{\"tag_key\":\"\"}]`, tag_key",
                "`\"tags\":[{\"tag_key\":\"a\",\"tag_value\":\"a/b\"}]`, tag_value",
                "`\"tags\":[{\"tag_key\":\"a\",\"tag_value\":1}]`, tag_value",
                "`\"tags\":[{}]`, tag_key",
            })
    void wrongTagsAreRefusedWithTheirPlace(String tags, String field) {
        Api.Reply reply = api.post(TAGS + "bind-resource", DEVICE + tags + "}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).startsWith("tags[0]." + field);
        assertThat(api.asked).isEmpty();
    }

    @Test
    void onlyDevicesHaveTags() {
        Api.Reply reply = api.post(
                TAGS + "unbind-resource",
                "{\"resource_type\":\"product\",\"resource_id\":\"d1\",\"tag_keys\":[\"a\"]}");

        assertThat(reply.message()).startsWith("resource_type must be device");
    }

    @Test
    void reservedKeyHasTheCodeOfTheContract() {
        api.fail(new Failure.ReservedTag("iot_x"));

        Api.Reply reply = api.post(TAGS + "bind-resource", DEVICE + "\"tags\":[{\"tag_key\":\"iot_x\"}]}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("IOTDA.004002");
    }
}
