// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.Secret;
import dev.downlink.model.Tag;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.DeviceRows.SelectDeviceView;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Page;
import dev.downlink.protocol.TagRows.DeleteTags;
import dev.downlink.protocol.TagRows.InsertTags;
import dev.downlink.protocol.TagRows.ListTagged;
import dev.downlink.protocol.TagRows.Tagged;
import dev.downlink.protocol.TagRows.TaggedPage;
import dev.downlink.protocol.TagRows.Wanted;
import dev.downlink.support.TestDatabase;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TagsIT {
    private static final DeviceId D = new DeviceId("d1");
    private static final Page ALL = new Page(50, RecordId.LAST, 0);

    private final Secret uri = TestDatabase.fresh();
    private final Room room = Room.furnished(uri);

    @BeforeEach
    void insert() {
        room.insert(Room.device("d1"));
    }

    @AfterEach
    void close() {
        room.close();
    }

    private static InsertTags bind(DeviceId device, Tag... tags) {
        return new InsertTags(Room.PROJECT, device, List.of(tags), 10);
    }

    private List<Tag> tags() {
        return room.ask(new SelectDeviceView(D)).tags();
    }

    private String tagged(Page page, Wanted... wanted) {
        TaggedPage found = room.ask(new ListTagged(Room.PROJECT, List.of(wanted), page));
        return found.count()
                + found.devices().stream().map(Tagged::device).toList().toString();
    }

    @Test
    void aKeyIsThereOnceWithItsLastValue() {
        room.ask(bind(D, new Tag("b", "1"), new Tag("a", "")));

        room.ask(bind(D, new Tag("b", "水"), new Tag("c", "3")));

        assertThat(tags()).containsExactly(new Tag("a", ""), new Tag("b", "水"), new Tag("c", "3"));
    }

    @Test
    void listsShowTagsToo() {
        room.ask(bind(D, new Tag("a", "1")));
        var filter = new DeviceRows.Filter(null, null, null, false, null, null, null, null);

        var listed = room.ask(new DeviceRows.ListDevices(Room.PROJECT, filter, ALL));

        assertThat(listed.devices().getFirst().tags()).containsExactly(new Tag("a", "1"));
    }

    @Test
    void whatIsTakenAwayIsGoneAndTheRestStays() {
        room.ask(bind(D, new Tag("a", "1"), new Tag("b", "2")));

        room.ask(new DeleteTags(Room.PROJECT, D, List.of("a", "never-there")));

        assertThat(tags()).containsExactly(new Tag("b", "2"));
    }

    @Test
    void tooManyAreNoneOfThem() {
        Tag[] nine = IntStream.range(0, 9).mapToObj(i -> new Tag("k" + i, "")).toArray(Tag[]::new);
        room.ask(bind(D, nine));

        Failure failure = room.failure(bind(D, new Tag("x", ""), new Tag("y", "")));

        assertThat(failure).isEqualTo(new Failure.LimitReached("tags of a device", 10));
        assertThat(tags()).hasSize(9);
        room.ask(bind(D, new Tag("k0", "again"), new Tag("x", "")));
        assertThat(tags()).hasSize(10);
    }

    @Test
    void whatIsBoundAtOnceIsCounted() {
        List<Future<?>> binds = IntStream.range(0, 30)
                .<Future<?>>mapToObj(i -> room.bus.ask(bind(D, new Tag("k" + i, ""))))
                .toList();

        room.await(Future.join(binds).transform(_ -> Future.succeededFuture()));

        assertThat(binds.stream().filter(Future::succeeded)).hasSize(10);
        assertThat(tags()).hasSize(10);
    }

    @Test
    void devicesAreFoundByAnyOfTheTags() {
        for (String id : List.of("d2", "d3", "d4")) {
            room.insert(Room.device(id));
        }
        room.ask(bind(D, new Tag("street", "Long"), new Tag("floor", "1")));
        room.ask(bind(new DeviceId("d2"), new Tag("street", "Short")));
        room.ask(bind(new DeviceId("d3"), new Tag("floor", "")));

        assertThat(tagged(ALL, new Wanted("street", "Long"))).isEqualTo("1[d1]");
        assertThat(tagged(ALL, new Wanted("street", null))).isEqualTo("2[d2, d1]");
        assertThat(tagged(ALL, new Wanted("street", null), new Wanted("floor", "")))
                .isEqualTo("3[d3, d2, d1]");
        assertThat(tagged(ALL, new Wanted("street", "long"))).isEqualTo("0[]");
        assertThat(tagged(new Page(1, RecordId.LAST, 1), new Wanted("street", null), new Wanted("floor", null)))
                .isEqualTo("3[d2]");
    }

    @Test
    void aDeletedDeviceHasNoTags() {
        room.ask(bind(D, new Tag("a", "1")));

        room.ask(new DeviceRows.DeleteDeviceRow(D));
        room.insert(Room.device("d1"));

        assertThat(tags()).isEmpty();
        assertThat(tagged(ALL, new Wanted("a", null))).isEqualTo("0[]");
    }

    @Test
    void anotherProjectsDeviceDoesNotExist() {
        ProjectId other = new ProjectId("p2");
        room.ask(bind(D, new Tag("a", "1")));

        assertThat(room.failure(new InsertTags(other, D, List.of(new Tag("b", "")), 10)))
                .isEqualTo(new Failure.DeviceNotFound(D));
        assertThat(room.failure(new DeleteTags(other, D, List.of("a")))).isEqualTo(new Failure.DeviceNotFound(D));
        assertThat(room.ask(new ListTagged(other, List.of(new Wanted("a", null)), ALL))
                        .devices())
                .isEmpty();
        assertThat(tags()).containsExactly(new Tag("a", "1"));
    }
}
