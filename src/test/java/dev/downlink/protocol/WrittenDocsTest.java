// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.support.Samples;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/errors.md and docs/protocol.md are written here, from the code, so that they cannot drift. */
class WrittenDocsTest {
    private static final String HEAD = "<!-- Written by WrittenDocsTest from the code. Do not edit. -->\n";

    @Test
    void everyFailureStandsInTheErrorTable() throws IOException {
        StringBuilder page = new StringBuilder(HEAD)
                .append("# Errors\n\n")
                .append("Every error answer is `{\"error_code\", \"error_msg\", \"reason\"}`. Codes `IOTDA.0…` are"
                        + " those of the")
                .append(" original platform; `IOTDA.9…` are Downlink's own, where the original's code is not"
                        + " documented.")
                .append(" `reason` names exactly one cause and does not change between versions.\n\n")
                .append("| status | error_code | reason | error_msg, for example |\n|---|---|---|---|\n");
        for (Class<? extends Record> failure : Samples.records(Failure.class)) {
            Problem problem = Problem.of((Failure) named(failure));
            page.append("| %d | %s | %s | %s |\n"
                    .formatted(problem.status(), problem.code(), problem.reason(), problem.text()));
        }
        page.append("\n## How far a call had come when its time was up\n\n");
        for (Failure.Progress progress : Failure.Progress.values()) {
            page.append("- ").append(Problem.howFar(progress)).append('\n');
        }

        assertUpToDate("errors.md", page.toString());
    }

    @Test
    void reasonsAreUnlikeEachOther() {
        List<String> reasons = Samples.records(Failure.class).stream()
                .filter(type -> type != Failure.NotHere.class)
                .map(type -> Problem.of((Failure) Samples.of(type)).reason())
                .toList();

        assertThat(reasons).doesNotHaveDuplicates().allMatch(r -> r.matches("[a-z_]+"));
    }

    @Test
    void everyRequestStandsInTheProtocolPage() throws IOException {
        StringBuilder page = new StringBuilder(HEAD)
                .append("# What travels on the bus\n\n")
                .append("Inside a node records travel by reference, between nodes as name and CBOR. A request names"
                        + " the")
                .append(" type of its answer; every request may also fail with one of the [errors](errors.md).\n");
        requests(page, "registry", RegistryRequest.class);
        requests(page, "correlator", CorrelatorRequest.class);
        requests(page, "shadow", ShadowRequest.class);
        requests(page, "the adapter instance that holds a connection", AdapterRequest.class);
        requests(page, "repository", RepositoryRequest.class);
        page.append("\n## Notices\n\n| notice | carries |\n|---|---|\n");
        for (Class<? extends Record> notice : Samples.records(Notice.class)) {
            page.append("| %s | %s |\n".formatted(notice.getSimpleName(), components(notice)));
        }

        assertUpToDate("protocol.md", page.toString());
    }

    private static void requests(StringBuilder page, String room, Class<?> sealed) {
        page.append("\n## Asked of ").append(room).append("\n\n| request | carries | answer |\n|---|---|---|\n");
        for (Class<? extends Record> request : Samples.records(sealed)) {
            page.append("| %s | %s | %s |\n".formatted(request.getSimpleName(), components(request), answer(request)));
        }
    }

    private static String components(Class<? extends Record> type) {
        List<String> names = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            names.add(component.getName());
        }
        return String.join(", ", names);
    }

    private static String answer(Class<?> request) {
        Type parent = request.getGenericInterfaces()[0];
        return Arrays.stream(((ParameterizedType) parent).getActualTypeArguments())
                .map(type -> ((Class<?>) type).getSimpleName())
                .collect(Collectors.joining());
    }

    /** A failure whose texts are the names of its components. */
    private static Record named(Class<? extends Record> type) {
        RecordComponent[] components = type.getRecordComponents();
        Record sample = Samples.of(type);
        try {
            Object[] values = new Object[components.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = components[i].getType() == String.class
                        ? "{" + components[i].getName() + "}"
                        : components[i].getAccessor().invoke(sample);
            }
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type.getName(), e);
        }
    }

    private static void assertUpToDate(String name, String text) throws IOException {
        Path file = Path.of("docs", name);
        String before = Files.exists(file) ? Files.readString(file) : "";
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        assertThat(before)
                .as("%s was out of date and has been written anew: look at it and commit it", file)
                .isEqualTo(text);
    }
}
