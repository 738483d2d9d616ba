// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.model.CustomTopic;
import dev.downlink.model.Product;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Page;
import dev.downlink.protocol.ProductRequest.CreateProduct;
import dev.downlink.protocol.ProductRequest.DeleteProduct;
import dev.downlink.protocol.ProductRequest.Draft;
import dev.downlink.protocol.ProductRequest.ProductView;
import dev.downlink.protocol.ProductRequest.ShowProduct;
import dev.downlink.protocol.ProductRequest.UpdateProduct;
import dev.downlink.protocol.ProductRows.ListProducts;
import dev.downlink.protocol.ProductRows.ProductPage;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProductRoutesTest {
    private static final String ALL = "/v5/iot/p1/products";
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final RecordId RECORD = new RecordId("0123456789abcdef01234567");

    /** Every field that a product can have. */
    private static final String SERVICE = """
        {"service_id":"Water$Meter","service_type":"Meter",
         "properties":[{"property_name":"flow","data_type":"decimal","required":true,"min":"0","max":"9.5",
           "step":0.5,"unit":"l","method":"RW","description":"d","default_value":{"a":[1.50,null]}}],
         "commands":[{"command_name":"SET","paras":[{"para_name":"mode","data_type":"enum","required":false,
           "enum_list":["a","b"],"max_length":3}],
           "responses":[{"response_name":"OK","paras":[{"para_name":"r","data_type":"string list",
           "required":false}]}]}],
         "events":[{"event_type":"leak","paras":[]}],
         "description":"s","option":"Master"}\
        """;

    private static final String PRODUCT = """
        {"name":"Meter","device_type":"WaterMeter","protocol_type":"MQTT","data_format":"json",
         "manufacturer_name":"M","industry":"I","description":"D","service_capabilities":[%s]}\
        """.formatted(SERVICE);

    private final Api api = new Api(1, 100);

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void createAnswersTheWholeModelAsItWasSent() throws JsonProcessingException {
        answerWithWhatWasCreated();

        Api.Reply reply = api.post(ALL, PRODUCT);

        ObjectNode expected = (ObjectNode) MAPPER.readTree(PRODUCT);
        expected.put("app_id", "s1")
                .put("app_name", "Space")
                .put("product_id", "made")
                .put("create_time", "20260102T030405Z");
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.json()).isEqualTo(expected);
    }

    @Test
    void createTakesTheIdsThatAreGiven() {
        answerWithWhatWasCreated();

        var _ = api.post(ALL, PRODUCT.replaceFirst("\\{", "{\"product_id\":\"x-1\",\"app_id\":\"s9\","));

        CreateProduct asked = api.asked(CreateProduct.class);
        assertThat(asked.project()).isEqualTo(new ProjectId("p1"));
        assertThat(asked.space()).isEqualTo(new SpaceId("s9"));
        assertThat(asked.id()).isEqualTo(new ProductId("x-1"));
    }

    @ParameterizedTest
    @CsvSource({"name", "device_type", "protocol_type", "data_format", "service_capabilities"})
    void mandatoryFieldsMustBeThere(String field) throws JsonProcessingException {
        ObjectNode product = (ObjectNode) MAPPER.readTree(PRODUCT);
        product.remove(field);

        invalid(product.toString(), field + " is mandatory.");
    }

    @ParameterizedTest
    @CsvSource({
        "product_id,36",
        "app_id,36",
        "name,64",
        "device_type,32",
        "manufacturer_name,32",
        "industry,64",
        "description,128"
    })
    void textsHaveALimit(String field, int limit) throws JsonProcessingException {
        answerWithWhatWasCreated();
        ObjectNode product = (ObjectNode) MAPPER.readTree(PRODUCT);

        product.put(field, "x".repeat(limit));
        assertThat(api.post(ALL, product.toString()).status()).isEqualTo(201);

        api.asked.clear();
        product.put(field, "x".repeat(limit + 1));
        invalid(product.toString(), field + " must not be longer than " + limit);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/service_capabilities/0|service_id|64|service_capabilities[0].service_id",
                "/service_capabilities/0|service_type|64|service_capabilities[0].service_type",
                "/service_capabilities/0|description|128|service_capabilities[0].description",
                "/service_capabilities/0/properties/0|property_name|64|service_capabilities[0].properties[0].property_name",
                "/service_capabilities/0/properties/0|unit|16|service_capabilities[0].properties[0].unit",
                "/service_capabilities/0/properties/0|description|128|service_capabilities[0].properties[0].description",
                "/service_capabilities/0/commands/0|command_name|64|service_capabilities[0].commands[0].command_name",
                "/service_capabilities/0/commands/0/responses/0|response_name|128|service_capabilities[0].commands[0].responses[0].response_name",
                "/service_capabilities/0/commands/0/paras/0|para_name|32|service_capabilities[0].commands[0].para_name",
                "/service_capabilities/0/events/0|event_type|32|service_capabilities[0].events[0].event_type"
            })
    void textsOfTheModelHaveALimit(String at, String field, int limit, String path) throws JsonProcessingException {
        answerWithWhatWasCreated();
        ObjectNode product = (ObjectNode) MAPPER.readTree(PRODUCT);

        ((ObjectNode) product.at(at)).put(field, "x".repeat(limit));
        assertThat(api.post(ALL, product.toString()).status()).isEqualTo(201);

        api.asked.clear();
        ((ObjectNode) product.at(at)).put(field, "x".repeat(limit + 1));
        invalid(product.toString(), path + " must not be longer than " + limit);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"min\":\"0\"|\"min\":0|service_capabilities[0].properties[0].min must be a string.",
                "\"min\":\"0\"|\"min\":\"\"|service_capabilities[0].properties[0].min must have 1 to 16 characters.",
                "\"min\":\"0\"|\"min\":\"12345678901234567\"|service_capabilities[0].properties[0].min must have 1 to"
                        + " 16 characters.",
                "\"min\":\"0\"|\"min\":\"x\"|service_capabilities[0].properties[0].min must be a number.",
                "\"min\":\"0\"|\"min\":\"1e999999999\"|service_capabilities[0].properties[0].min must be within the"
                        + " range of a double.",
                "\"step\":0.5|\"step\":\"0.5\"|service_capabilities[0].properties[0].step must be a number.",
                "\"step\":0.5|\"step\":-1|service_capabilities[0].properties[0].step must not be negative.",
                "\"step\":0.5|\"step\":1e400|service_capabilities[0].properties[0].step must not be negative.",
                "\"max_length\":3|\"max_length\":3.0|service_capabilities[0].commands[0].paras[0].max_length must be"
                        + " an integer.",
                "\"max_length\":3|\"max_length\":3000000000|service_capabilities[0].commands[0].paras[0].max_length"
                        + " must be an integer.",
                "\"max_length\":3|\"max_length\":-1|service_capabilities[0].commands[0].paras[0].max_length must not"
                        + " be negative.",
                "\"required\":true|\"required\":\"true\"|service_capabilities[0].properties[0].required must be true"
                        + " or false.",
                "\"method\":\"RW\"|\"method\":\"WR\"|service_capabilities[0].properties[0].method must be one of",
                "\"data_type\":\"enum\"|\"data_type\":\"number\"|service_capabilities[0].commands[0].paras[0].data_type"
                        + " must be one of",
                "[\"a\",\"b\"]|[\"a\",1]|service_capabilities[0].commands[0].paras[0].enum_list[1] must be a string.",
                "[\"a\",\"b\"]|\"a\"|service_capabilities[0].commands[0].paras[0].enum_list must be a list.",
                "\"events\":[|\"events\":[1,|service_capabilities[0].events[0] must be an object.",
                "\"paras\":[]|\"paras\":{}|service_capabilities[0].events[0].paras must be a list.",
                "\"option\":\"Master\"|\"option\":\"Slave\"|service_capabilities[0].option must be Master, Mandatory"
                        + " or Optional.",
                "\"protocol_type\":\"MQTT\"|\"protocol_type\":\"mqtt\"|protocol_type must be one of MQTT",
                "\"data_format\":\"json\"|\"data_format\":\"xml\"|data_format must be json or binary.",
                "\"name\":\"Meter\"|\"name\":\"a b\"|name may hold only",
                "\"name\":\"Meter\"|\"name\":7|name must be a string.",
                "\"description\":\"D\"|\"description\":\"\\u0000\"|description must not contain the NUL character.",
                "\"description\":\"D\"|\"description\":\"\\udc00\"|description contains half a surrogate pair.",
                "1.50,null|\"\\u0000\"|service_capabilities[0].properties[0].default_value.a must not contain the NUL"
                        + " character."
            })
    void wrongFieldIsNamedWithItsPath(String right, String wrong, String complaint) {
        assertThat(PRODUCT).contains(right);

        invalid(PRODUCT.replace(right, wrong), complaint);
    }

    @Test
    void serviceTwiceIsRefused() {
        invalid(PRODUCT.replace(SERVICE, SERVICE + "," + SERVICE), "service_id 'Water$Meter' occurs twice.");
    }

    @Test
    void modelHasALimitInBytes() throws JsonProcessingException {
        answerWithWhatWasCreated();
        int bare = MAPPER.readTree("[" + SERVICE.replace("{\"a\":[1.50,null]}", "\"\"") + "]")
                .toString()
                .length();
        int room = 500 * 1024 - bare;

        Api.Reply atLimit = api.post(ALL, PRODUCT.replace("{\"a\":[1.50,null]}", "\"" + "x".repeat(room) + "\""));

        assertThat(atLimit.status()).isEqualTo(201);
        api.asked.clear();
        invalid(
                PRODUCT.replace("{\"a\":[1.50,null]}", "\"" + "x".repeat(room + 1) + "\""),
                "service_capabilities must not be larger than 500 KB.");
    }

    @ParameterizedTest
    @CsvSource({"500,201", "501,400"})
    void modelHasALimitOfServices(int services, int status) {
        answerWithWhatWasCreated();
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < services; i++) {
            all.append(i == 0 ? "" : ",")
                    .append("{\"service_id\":\"s")
                    .append(i)
                    .append("\",\"service_type\":\"t\"}");
        }

        assertThat(api.post(ALL, PRODUCT.replace(SERVICE, all)).status()).isEqualTo(status);
    }

    @Test
    void largerBodyThanAnyModelIs413() {
        assertThat(api.post(ALL, "x".repeat(ProductRoutes.MAX_BODY + 1)).status())
                .isEqualTo(413);
    }

    @Test
    void showAsksInTheSpaceOfTheQuery() {
        api.fake(_ -> view(List.of()));

        Api.Reply reply = api.get(ALL + "/x?app_id=s9");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().get("service_capabilities").isArray()).isTrue();
        assertThat(reply.json().has("industry")).isFalse();
        assertThat(api.asked(ShowProduct.class))
                .isEqualTo(new ShowProduct(new ProjectId("p1"), new SpaceId("s9"), new ProductId("x")));
    }

    @Test
    void unknownProductIs404() {
        api.fail(new Failure.ProductNotFound(new ProductId("x")));

        Api.Reply reply = api.get(ALL + "/x");

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.code()).isEqualTo("IOTDA.900101");
    }

    @Test
    void updateSendsOnlyWhatIsThere() {
        api.fake(_ -> view(List.of()));

        Api.Reply reply = api.put(ALL + "/x", "{\"name\":\"New\",\"app_id\":\"s9\"}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(api.asked(UpdateProduct.class))
                .isEqualTo(new UpdateProduct(
                        new ProjectId("p1"),
                        new SpaceId("s9"),
                        new ProductId("x"),
                        new Draft("New", null, null, null, null, null, null, null)));
    }

    @Test
    void deleteIs204WithoutBody() {
        api.fake(_ -> Done.DONE);

        Api.Reply reply = api.delete(ALL + "/x");

        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.text()).isEmpty();
        assertThat(api.asked(DeleteProduct.class).id()).isEqualTo(new ProductId("x"));
    }

    @Test
    void listIsWithoutModels() {
        api.fake(_ -> new ProductPage(List.of(view(List.of())), 7));

        Api.Reply reply = api.get(ALL);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text())
                .isEqualTo("{\"products\":[{\"app_id\":\"s1\",\"app_name\":\"Space\",\"product_id\":\"made\","
                               + "\"name\":\"Meter\",\"device_type\":\"t\",\"protocol_type\":\"MQTT\",\"data_format\":\"json\","
                               + "\"create_time\":\"20260102T030405Z\"}],"
                               + "\"page\":{\"count\":7,\"marker\":\"0123456789abcdef01234567\"}}");
    }

    @Test
    void emptyPageIsAnEmptyListWithoutMarker() {
        api.fake(_ -> new ProductPage(List.of(), 7));

        assertThat(api.get(ALL + "?offset=500").text()).isEqualTo("{\"products\":[],\"page\":{\"count\":7}}");
    }

    @Test
    void listPassesFilterAndPageOn() {
        api.fake(q -> q instanceof ListProducts ? new ProductPage(List.of(), 0) : Done.DONE);

        var _ = api.get(
                ALL + "?product_name=M%20%E4%B8%AD&limit=50&offset=500&marker=ABCDEF6789abcdef01234567&app_id=s9");

        assertThat(api.asked(ListProducts.class))
                .isEqualTo(new ListProducts(
                        new ProjectId("p1"),
                        new SpaceId("s9"),
                        "M 中",
                        new Page(50, new RecordId("abcdef6789abcdef01234567"), 500)));
    }

    @Test
    void listOfAnUnknownSpaceIs403() {
        api.fail(new Failure.SpaceNotFound(new SpaceId("s9")));

        assertThat(api.get(ALL + "?app_id=s9").code()).isEqualTo("IOTDA.001000");
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0,IOTDA.000017",
        "limit=51,IOTDA.000017",
        "limit=x,IOTDA.000017",
        "limit=-1,IOTDA.000017",
        "marker=x,IOTDA.000018",
        "marker=0123456789abcdef0123456,IOTDA.000018",
        "offset=501,IOTDA.000006",
        "offset=-1,IOTDA.000006"
    })
    void pagingHasLimits(String query, String code) {
        Api.Reply reply = api.get(ALL + "?" + query);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo(code);
        assertThat(api.asked).isEmpty();
    }

    private void invalid(String body, String complaint) {
        Api.Reply reply = api.post(ALL, body);

        assertThat(reply.message()).startsWith(complaint);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("IOTDA.000006");
        assertThat(api.asked).isEmpty();
    }

    private void answerWithWhatWasCreated() {
        api.fake(q -> {
            CreateProduct create = (CreateProduct) q;
            Draft draft = create.draft();
            Product product = new Product(
                    RECORD,
                    create.project(),
                    new SpaceId("s1"),
                    new ProductId("made"),
                    String.valueOf(draft.name()),
                    String.valueOf(draft.deviceType()),
                    String.valueOf(draft.protocolType()),
                    String.valueOf(draft.dataFormat()),
                    draft.manufacturerName(),
                    draft.industry(),
                    draft.description(),
                    draft.services() == null ? List.of() : draft.services(),
                    List.of(),
                    null,
                    api.now,
                    1);
            return new ProductView(product, "Space");
        });
    }

    static ProductView view(List<CustomTopic> topics) {
        return new ProductView(
                new Product(
                        RECORD,
                        new ProjectId("p1"),
                        new SpaceId("s1"),
                        new ProductId("made"),
                        "Meter",
                        "t",
                        "MQTT",
                        "json",
                        null,
                        null,
                        null,
                        List.of(),
                        topics,
                        null,
                        Instant.parse("2026-01-02T03:04:05Z"),
                        1),
                "Space");
    }
}
