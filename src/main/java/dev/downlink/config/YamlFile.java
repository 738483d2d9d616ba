// SPDX-License-Identifier: Apache-2.0
package dev.downlink.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.StringJoiner;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Reads a YAML file into dotted paths. All values stay text, as those of variables are; a list becomes a text with commas.
 * Read token by token, since a tree would have swallowed duplicate keys and lines.
 */
final class YamlFile {
    private final YAMLParser parser;
    private final String name;
    private final Mistakes mistakes;
    private final Layer layer = new Layer();
    private final Set<String> seen = new HashSet<>();

    private YamlFile(YAMLParser parser, String name, Mistakes mistakes) {
        this.parser = parser;
        this.name = name;
        this.mistakes = mistakes;
    }

    /** @param name how the file is called in messages */
    static Layer read(String text, String name, Mistakes mistakes) {
        try (YAMLParser parser = new YAMLFactory().createParser(text)) {
            return new YamlFile(parser, name, mistakes).read();
        } catch (JsonProcessingException e) {
            mistakes.add(name, "is not valid YAML" + at(e));
            return new Layer();
        } catch (IOException e) {
            throw new IllegalStateException("a text cannot fail to be read", e);
        }
    }

    private Layer read() throws IOException {
        JsonToken first = parser.nextToken();
        if (first == JsonToken.START_OBJECT) {
            readGroup("");
        } else if (first != null && first != JsonToken.VALUE_NULL) {
            mistakes.add(name, "must hold keys and values");
        }
        if (parser.nextToken() != null) {
            mistakes.add(name, "must hold one YAML document only");
        }
        return layer;
    }

    private void readGroup(String prefix) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String path = prefix + parser.currentName();
            String where = path + " (" + name + " line "
                    + parser.currentTokenLocation().getLineNr() + ')';
            if (!seen.add(path)) {
                mistakes.add(where, "is there twice");
            }
            readValue(path, where);
        }
    }

    private void readValue(String path, String where) throws IOException {
        switch (parser.nextToken()) {
            case START_OBJECT -> readGroup(path + '.');
            case START_ARRAY -> layer.put(path, readList(where), where);
            case VALUE_NULL -> {}
            default -> layer.put(path, parser.getText(), where);
        }
    }

    private String readList(String where) throws IOException {
        StringJoiner items = new StringJoiner(",");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken().isStructStart()) {
                mistakes.add(where, "must be a list of plain values");
                parser.skipChildren();
            } else {
                items.add(parser.getText());
            }
        }
        return items.toString();
    }

    /** Line and reason, but not the line's text, which may hold a secret. */
    private static String at(JsonProcessingException e) {
        String line =
                e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
        return e.getCause() instanceof MarkedYAMLException marked ? line + ": " + marked.getProblem() : line;
    }
}
