// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.model.ProjectId;

/** What a queue is called. */
record QueueKey(ProjectId project, String name) {}
