// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import dev.downlink.model.ProjectId;
import dev.downlink.simulator.Authority;
import dev.downlink.simulator.DeviceSeries;
import dev.downlink.simulator.Fleet;
import dev.downlink.simulator.Northbound;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Where commands are sent and how. */
public sealed interface Target {
    /**
     * Opens lines on the current event loop.
     *
     * @param count how many commands may be on their way at a time
     */
    Future<List<Line>> open(Vertx vertx, DeviceSeries series, int count);

    /** The REST API of a gateway, one connection for each line. */
    record Gateway(
            Northbound.Gate gate, ProjectId project, Authority authority, Operation operation, InstantSource clock)
            implements Target {
        /** Of commands. */
        public static Gateway ofCommands(Northbound.Gate gate, ProjectId project, Authority authority) {
            return new Gateway(gate, project, authority, new CommandOperation(), InstantSource.system());
        }

        Gateway with(Operation other) {
            return new Gateway(gate, project, authority, other, clock);
        }

        @Override
        public Future<List<Line>> open(Vertx vertx, DeviceSeries series, int count) {
            NetClient client = vertx.createNetClient(new NetClientOptions());
            SignedRequests requests =
                    new SignedRequests(series, project, gate.authority(), authority, operation, clock);
            List<Line> lines = IntStream.range(0, count)
                    .<Line>mapToObj(_ -> new HttpLine(vertx, client, gate, requests))
                    .toList();
            return Future.all(lines.stream().map(Line::open).toList()).map(_ -> lines);
        }
    }

    /** The devices of a fleet, which report properties by themselves. */
    record Reports(Fleet fleet) implements Target {
        @Override
        public Future<List<Line>> open(Vertx vertx, DeviceSeries series, int count) {
            Line line = new ReportLine(fleet, vertx.getOrCreateContext());
            return Future.succeededFuture(Collections.nCopies(count, line));
        }
    }

    /**
     * A plain MQTT broker, with few connections that the lines share.
     *
     * @param connections on each event loop
     */
    record Broker(String host, int port, int qos, int connections) implements Target {
        @Override
        public Future<List<Line>> open(Vertx vertx, DeviceSeries series, int count) {
            NetClient client = vertx.createNetClient(new NetClientOptions());
            List<BrokerConnection> shared = Stream.generate(() -> new BrokerConnection(vertx, client, series, qos))
                    .limit(Math.min(connections, count))
                    .toList();
            return Future.all(shared.stream().map(one -> one.open(host, port)).toList())
                    .map(_ -> IntStream.range(0, count)
                            .<Line>mapToObj(i -> new BrokerLine(shared.get(i % shared.size())))
                            .toList());
        }
    }
}
