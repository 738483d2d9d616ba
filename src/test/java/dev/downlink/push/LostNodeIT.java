// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Secret;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.SessionRows.Beat;
import dev.downlink.protocol.SessionRows.OpenSession;
import dev.downlink.protocol.SessionRows.ReapNode;
import dev.downlink.support.TcpRelay;
import dev.downlink.support.TestDatabase;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told of the devices of a node that is lost while events are under way, from there and from elsewhere (northbound §6.3). */
class LostNodeIT {
    private static final int DEVICES = 9;

    private final Secret uri = Room.database();
    private final URI database = URI.create(uri.value());
    private final TcpRelay wire = new TcpRelay(database.getHost(), database.getPort());
    private final Receiver receiver = Receiver.start();

    @AfterEach
    void close() {
        receiver.close();
        wire.close();
    }

    @Test
    void eachComingAndGoingIsToldOnceAndInOrder() {
        receiver.answers(_ -> 0);
        Room.rule(uri, 1, receiver.url());
        TestDatabase.execute(uri, "UPDATE rule SET subject = 'device.status:update'");
        try (Room stays = Room.node(1, uri, "PUSH_TIMEOUT", "500ms", "PUSH_MAX_FAILURES", "1000");
                Room lost = Room.node(2, throughWire(), "PUSH_TIMEOUT", "500ms", "PUSH_MAX_FAILURES", "1000")) {
            await().until(() -> lanes(1) == 4 && lanes(2) == 4);
            devices().forEach(device -> open(lost, device, 2));
            await("all are under way").until(() -> heardOf().size() == DEVICES);

            wire.cut();
            TestDatabase.execute(uri, "UPDATE node SET beat = now() - interval '1 hour' WHERE id = 2");
            stays.ask(new ReapNode(2, Duration.ofSeconds(1)));
            stays.ask(new ReapNode(2, Duration.ofSeconds(1)));
            receiver.answers(_ -> 200);
            await("the other node has it all").until(() -> lanes(1) == 8 && Rows.count(uri, "outbox") == 0);
            devices().forEach(device -> assertThat(told(device)).containsExactly("ONLINE", "OFFLINE"));

            wire.join();
            await("it is there again").until(() -> comesBack(lost));
            devices().forEach(device -> open(stays, device, 1));
            await("they share").until(() -> lanes(1) == 4 && lanes(2) == 4);
            await().until(() -> Rows.count(uri, "outbox") == 0);

            devices().forEach(device -> assertThat(told(device)).containsExactly("ONLINE", "OFFLINE", "ONLINE"));
        }
    }

    private Secret throughWire() {
        return new Secret(uri.value().replace(":" + database.getPort() + "/", ":" + wire.port() + "/"));
    }

    private static List<String> devices() {
        return IntStream.rangeClosed(1, DEVICES).mapToObj(i -> "d" + i).toList();
    }

    private static void open(Room room, String device, int node) {
        room.ask(new OpenSession(new DeviceId(device), node, "mqtt/" + node + "/0", true, 0));
    }

    /** As the registry does it for its node. */
    private static boolean comesBack(Room room) {
        boolean back = room.bus
                .ask(new Beat(room.node.id(), room.node.name()))
                .map(beaten -> true)
                .otherwise(false)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        if (back) {
            room.bus.publishHere(new Notice.SessionsLost());
        }
        return back;
    }

    private int lanes(int node) {
        return Integer.parseInt(Rows.one(uri, "SELECT count(*) FROM outlet_lane WHERE node = " + node));
    }

    private Set<String> heardOf() {
        return receiver.pushes.stream().map(Receiver.Push::device).collect(Collectors.toSet());
    }

    /** Each event once, in the order of the first arrivals. */
    private List<String> told(String device) {
        return receiver.pushes.stream()
                .filter(push -> push.device().equals(device))
                .map(push -> new JsonObject(push.body()).getString("request_id")
                        + ' '
                        + push.data().getJsonObject("body").getString("status"))
                .distinct()
                .map(event -> event.substring(event.indexOf(' ') + 1))
                .toList();
    }
}
