package org.netdissect.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The parent of the commands on the activation cache. */
@Command(
        name = "cache",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Shows, verifies and prunes the activation cache.",
        footer = {
            "",
            "First steps:",
            "  netdissect cache list                              lists all layers",
            "  netdissect cache verify                            checks every checksum",
            "  netdissect cache prune --older-than 30d --dry-run  shows what would be deleted"
        })
final class CacheCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given: list, verify or prune");
    }
}
