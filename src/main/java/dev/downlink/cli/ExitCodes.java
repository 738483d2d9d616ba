// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.Lifetime;
import dev.downlink.PortTakenException;
import dev.downlink.auth.VaultException;
import dev.downlink.config.ConfigException;
import dev.downlink.database.DatabaseException;
import dev.downlink.model.InvalidField;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Problem;
import java.io.PrintWriter;
import org.slf4j.LoggerFactory;

/** What a command's end tells the shell. What the operator can mend is said in a line, without a stack trace. */
final class ExitCodes {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int CONFIGURATION = 2;
    static final int DATABASE = 3;
    static final int PORT_TAKEN = 4;

    private ExitCodes() {}

    static int report(Exception e, PrintWriter out) {
        return switch (e) {
            case ConfigException mistakes -> configuration(mistakes, out);
            case VaultException _ -> say(out, String.valueOf(e.getMessage()), CONFIGURATION);
            case DatabaseException _ -> say(out, "database: " + e.getMessage(), DATABASE);
            case PortTakenException _ -> say(out, String.valueOf(e.getMessage()), PORT_TAKEN);
            case Failed failed -> say(out, Problem.of(failed.failure()).text(), FAILED);
            case InvalidField _ -> say(out, String.valueOf(e.getMessage()), FAILED);
            case Lifetime.Stopped _ -> OK;
            default -> unexpected(e, out);
        };
    }

    private static int configuration(ConfigException e, PrintWriter out) {
        int count = e.mistakes().size();
        out.println("downlink: " + (count == 1 ? "a mistake" : count + " mistakes") + " in the configuration");
        e.mistakes().forEach(mistake -> out.println("  " + mistake));
        out.flush();
        return CONFIGURATION;
    }

    private static int say(PrintWriter out, String text, int code) {
        out.println("downlink: " + text);
        out.flush();
        return code;
    }

    private static int unexpected(Exception e, PrintWriter out) {
        LoggerFactory.getLogger(ExitCodes.class).error("unexpected error", e);
        return say(out, "unexpected error: " + e, FAILED);
    }
}
