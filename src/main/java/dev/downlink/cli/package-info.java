// SPDX-License-Identifier: Apache-2.0
/**
 * The command line: commands with their options, what they print and with which code they end; the demo; and the accounts that
 * commands change without a gateway. All that runs for longer is the package above, which knows nothing of commands.
 */
@NullMarked
package dev.downlink.cli;

import org.jspecify.annotations.NullMarked;
