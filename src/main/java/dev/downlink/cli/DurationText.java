// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.simulator.Delay;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations on the command line, written as in the settings. */
final class DurationText implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        try {
            return Delay.duration(text);
        } catch (IllegalArgumentException _) {
            throw new TypeConversionException("'" + text + "' is no duration such as 500ms, 20s or 2m");
        }
    }
}
