// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.auth.Tokens;
import dev.downlink.bus.Bus;
import dev.downlink.config.Ports;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Problem;
import dev.downlink.support.Bodies;
import dev.downlink.support.OpenApi;
import dev.downlink.support.Samples;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.contract.OpenAPIVersion;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The API's description against the program, as far as that can be seen without calling it; OpenApiIT does the rest. */
class OpenApiTest {
    private final OpenApi document = new OpenApi();

    @Test
    void describesAllRoutesAndNoOthers() {
        Vertx vertx = Vertx.vertx();
        try {
            HttpVerticle verticle =
                    new HttpVerticle(Api.settings(1), new Ports(), new byte[32], InstantSource.system());
            verticle.init(vertx, vertx.getOrCreateContext());

            Set<String> routes = verticle.routes(Bus.of(vertx), new Tokens(new byte[32], InstantSource.system()))
                    .all();

            assertThat(document.operations().stream().map(operation -> operation.method() + ' ' + operation.path()))
                    .containsExactlyInAnyOrderElementsOf(routes.stream()
                            .map(route -> route.replace("...}", "}"))
                            .toList());
        } finally {
            Api.await(vertx.close());
        }
    }

    @Test
    void isOpenApi31() {
        Vertx vertx = Vertx.vertx();
        try {
            OutputUnit result = Api.await(OpenAPIVersion.V3_1
                    .getRepository(vertx, "https://downlink.invalid")
                    .compose(schemas -> OpenAPIVersion.V3_1.validateContract(vertx, schemas, document.root())));

            assertThat(result.getErrors()).isNullOrEmpty();
            assertThat(result.getValid()).isTrue();
        } finally {
            Api.await(vertx.close());
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        assertThat(document.references())
                .isNotEmpty()
                .allSatisfy(reference ->
                        assertThat(document.find(reference)).as(reference).isNotNull());
    }

    @Test
    void everySchemaIsUsed() {
        Set<String> schemas = document.find("#/components/schemas").fieldNames();

        assertThat(document.references())
                .containsAll(schemas.stream()
                        .map(name -> "#/components/schemas/" + name)
                        .toList());
    }

    @Test
    void answersAreStrict() {
        Set<String> open = new TreeSet<>();
        for (OpenApi.Operation operation : document.operations()) {
            operation.responses().forEach(response -> findOpen(response.getValue(), open, new HashSet<>()));
        }

        assertThat(open).isEmpty();
    }

    private void findOpen(Object node, Set<String> open, Set<String> seen) {
        if (node instanceof JsonArray array) {
            array.forEach(item -> findOpen(item, open, seen));
        } else if (node instanceof JsonObject object) {
            String reference = object.getString("$ref", "");
            if (!reference.isEmpty() && seen.add(reference)) {
                findOpen(document.find(reference), open, seen);
            }
            if (object.getValue("properties") instanceof JsonObject
                    && "object".equals(object.getValue("type"))
                    && !Boolean.FALSE.equals(object.getValue("additionalProperties"))) {
                open.add(object.encode());
            }
            object.forEach(field -> findOpen(field.getValue(), open, seen));
        }
    }

    @Test
    void eachStatusHasTheReasonsOfTheErrorTable() {
        Map<Integer, Set<String>> table = Samples.records(Failure.class).stream()
                .map(type -> Problem.of((Failure) Samples.of(type)))
                .filter(problem -> problem.status() != 200)
                .collect(Collectors.groupingBy(
                        Problem::status, TreeMap::new, Collectors.mapping(Problem::reason, Collectors.toSet())));

        Map<Integer, Set<String>> described = new TreeMap<>();
        JsonObject responses = document.find("#/components/responses");
        for (String name : responses.fieldNames()) {
            JsonObject response = responses.getJsonObject(name);
            JsonArray reasons = OpenApi.schema(response)
                    .getJsonArray("allOf")
                    .getJsonObject(1)
                    .getJsonObject("properties")
                    .getJsonObject("reason")
                    .getJsonArray("enum");
            described.put(
                    response.getInteger("x-status"),
                    reasons.stream().map(String.class::cast).collect(Collectors.toSet()));
        }
        assertThat(described).isEqualTo(table);
    }

    @Test
    void errorsStandUnderTheirStatus() {
        for (OpenApi.Operation operation : document.operations()) {
            operation.responses().forEach(response -> {
                JsonObject real = document.resolve((JsonObject) response.getValue());
                assertThat(real.getInteger("x-status", Integer.valueOf(response.getKey())))
                        .as(operation + " " + response.getKey())
                        .isEqualTo(Integer.valueOf(response.getKey()));
            });
        }
    }

    /** Those that a whole gateway does not give on demand. */
    @Test
    void rareErrorsAreAsDescribed() throws IOException, InterruptedException {
        try (Api api = new Api();
                HttpClient client = HttpClient.newHttpClient()) {
            for (Failure failure : List.of(
                    new Failure.Conflict("device", "d1"),
                    new Failure.Internal("4711"),
                    new Failure.Busy("registry"),
                    new Failure.StorageUnavailable())) {
                api.fail(failure);

                HttpResponse<String> answer = client.send(freeze(api), HttpResponse.BodyHandlers.ofString());

                assertThat(answer.statusCode()).isEqualTo(Problem.of(failure).status());
                assertThat(document.complaints(document.operation("freezeDevice"), answer))
                        .isEmpty();
            }
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(api.uri("/health/ready")).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(document.complaints(document.operation("ready"), answer)).isEmpty();
        }
    }

    private static HttpRequest freeze(Api api) {
        URI uri = api.uri("/v5/iot/p1/devices/d1/freeze");
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.noBody());
        Api.SIGNER.plain("POST", uri, "", api.now, Map.of()).forEach(request::header);
        return request.build();
    }

    @Test
    void examplesFitTheirSchemas() {
        JsonObject schemas = document.find("#/components/schemas");
        List<String> wrong = schemas.fieldNames().stream()
                .flatMap(name -> complaints(name, schemas.getJsonObject(name)))
                .toList();

        assertThat(wrong).isEmpty();
    }

    private Stream<String> complaints(String name, JsonObject schema) {
        return schema.getJsonArray("examples", new JsonArray()).stream()
                .flatMap(example -> document.complaints(schema, example).stream())
                .map(complaint -> name + " " + complaint);
    }

    @Test
    void everyBodyHasAnExample() {
        assertThat(document.operations())
                .filteredOn(operation -> operation.body() != null)
                .allSatisfy(operation -> assertThat(
                                document.resolve(operation.body()).getJsonArray("examples"))
                        .as(operation.id())
                        .isNotEmpty());
    }

    @Test
    void whatIsWrongDoesNotFitAndWhatIsRightDoes() {
        Bodies bodies = new Bodies(document);

        assertThat(document.operations())
                .filteredOn(operation -> operation.body() != null)
                .allSatisfy(operation -> {
                    assertThat(document.complaints(operation.body(), bodies.largest(operation.body())))
                            .as(operation.id())
                            .isEmpty();
                    assertThat(bodies.wrong(operation.body()))
                            .isNotEmpty()
                            .allSatisfy(wrong -> assertThat(document.complaints(operation.body(), wrong.body()))
                                    .as(operation + " " + wrong)
                                    .isNotEmpty());
                });
    }
}
