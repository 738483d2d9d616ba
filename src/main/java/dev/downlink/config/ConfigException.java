// SPDX-License-Identifier: Apache-2.0
package dev.downlink.config;

import java.util.List;
import java.util.stream.Collectors;

/** The settings cannot be used. Holds every mistake that was found, in the order of the keys; no value of a secret. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Mistake> mistakes;

    ConfigException(List<Mistake> mistakes) {
        super(mistakes.stream().map(Mistake::toString).collect(Collectors.joining("\n")));
        this.mistakes = List.copyOf(mistakes);
    }

    public List<Mistake> mistakes() {
        return mistakes;
    }

    /**
     * @param where the variable, the key with its line, or the file
     * @param what what was expected there
     */
    public record Mistake(String where, String what) {
        @Override
        public String toString() {
            return where + ": " + what;
        }
    }
}
