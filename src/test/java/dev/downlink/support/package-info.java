// SPDX-License-Identifier: Apache-2.0
/** What several tests need: certificates, clients, servers. */
package dev.downlink.support;
