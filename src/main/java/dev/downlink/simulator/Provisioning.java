// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Makes the product and the devices that a simulation needs. What exists already stays as it is. */
public final class Provisioning {
    /** The service and the command of the product that is made. */
    public static final String SERVICE = "Bench";

    public static final String COMMAND = "SET";

    private static final int AT_A_TIME = 32;
    private static final String DEVICE_EXISTS = "IOTDA.014031";

    private final Northbound north;
    private final DeviceSeries series;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger made = new AtomicInteger();

    public Provisioning(Northbound north, DeviceSeries series) {
        this.north = north;
        this.series = series;
    }

    /** Returns how many devices had to be made. Fails with the first answer that was not understood. */
    public Future<Integer> run() {
        return product().compose(_ -> devices()).map(_ -> made.get());
    }

    private Future<Void> product() {
        JsonObject para = new JsonObject()
                .put("para_name", "value")
                .put("data_type", "string")
                .put("required", true)
                .put("max_length", 64);
        JsonObject command = new JsonObject().put("command_name", COMMAND).put("paras", new JsonArray().add(para));
        JsonObject service = new JsonObject()
                .put("service_id", SERVICE)
                .put("service_type", SERVICE)
                .put("properties", properties())
                .put("commands", new JsonArray().add(command));
        JsonObject product = new JsonObject()
                .put("product_id", series.product().value())
                .put("name", series.product().value())
                .put("device_type", "simulated")
                .put("protocol_type", "MQTT")
                .put("data_format", "json")
                .put("service_capabilities", new JsonArray().add(service));
        // nothing in the contract names the error of a product that exists, so the devices tell whether it is there
        return north.post("/products", product)
                .compose(reply -> reply.status() < 300 || reply.status() == 400 || reply.status() == 409
                        ? Future.succeededFuture()
                        : Future.failedFuture(unexpected("the product", reply)));
    }

    /** Those of {@link SimulatedReport}. */
    private static JsonArray properties() {
        return new JsonArray()
                .add(property("counter", "int", "RE"))
                .add(property("temperature", "decimal", "RE"))
                .add(property("state", "string", "RWE").put("max_length", 64));
    }

    private static JsonObject property(String name, String type, String method) {
        return new JsonObject()
                .put("property_name", name)
                .put("data_type", type)
                .put("method", method);
    }

    private Future<Void> devices() {
        List<Future<Void>> lines = new ArrayList<>();
        IntStream.range(0, Math.min(AT_A_TIME, series.count())).forEach(_ -> lines.add(line()));
        return Future.all(lines).mapEmpty();
    }

    /** One device after the other until none is left. */
    private Future<Void> line() {
        int index = next.getAndIncrement();
        return index < series.count() ? device(index).compose(_ -> line()) : Future.succeededFuture();
    }

    private Future<Void> device(int index) {
        JsonObject device = new JsonObject()
                .put("node_id", series.node(index).value())
                .put("device_id", series.device(index).value())
                .put("product_id", series.product().value())
                .put(
                        "auth_info",
                        new JsonObject()
                                .put("auth_type", "SECRET")
                                .put("secret", series.secret().value()));
        return north.post("/devices", device).compose(reply -> {
            if (reply.status() < 300) {
                int _ = made.incrementAndGet();
                return Future.succeededFuture();
            }
            return reply.errorCode().filter(DEVICE_EXISTS::equals).isPresent()
                    ? Future.succeededFuture()
                    : Future.failedFuture(unexpected("device " + series.device(index), reply));
        });
    }

    private static IllegalStateException unexpected(String what, Northbound.Reply reply) {
        return new IllegalStateException(what + " was refused: " + reply.status() + ' ' + reply.body());
    }
}
