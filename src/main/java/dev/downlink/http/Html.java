// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.google.errorprone.annotations.CanIgnoreReturnValue;

/** Writes HTML; all text and all attributes are escaped here. */
final class Html {
    private final StringBuilder out = new StringBuilder(1 << 17);

    /** @param attributes name and value in turn */
    @CanIgnoreReturnValue
    Html open(String tag, String... attributes) {
        out.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            out.append('"');
        }
        out.append('>');
        return this;
    }

    @CanIgnoreReturnValue
    Html close(String tag) {
        out.append("</").append(tag).append(">\n");
        return this;
    }

    @CanIgnoreReturnValue
    Html text(String text) {
        escape(text);
        return this;
    }

    @CanIgnoreReturnValue
    Html element(String tag, String text, String... attributes) {
        open(tag, attributes).text(text);
        out.append("</").append(tag).append('>');
        return this;
    }

    /** Written as it is: a style or a document type. */
    @CanIgnoreReturnValue
    Html raw(String markup) {
        out.append(markup);
        return this;
    }

    /** Text with <code>`code`</code> in it. */
    @CanIgnoreReturnValue
    Html line(String text) {
        String[] parts = text.split("`", -1);
        for (int i = 0; i < parts.length; i++) {
            if (i % 2 == 0) {
                escape(parts[i]);
            } else {
                element("code", parts[i]);
            }
        }
        return this;
    }

    /** Paragraphs, parted by empty lines; those that are indented stay as they are. */
    @CanIgnoreReturnValue
    Html prose(String text) {
        for (String paragraph : text.strip().split("\n\\s*\n", -1)) {
            if (paragraph.startsWith("    ")) {
                element("pre", paragraph.stripIndent());
            } else if (!paragraph.isEmpty()) {
                open("p").line(paragraph).close("p");
            }
        }
        return this;
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                default -> out.append(c);
            }
        }
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
