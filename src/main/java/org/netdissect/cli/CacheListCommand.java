package org.netdissect.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.netdissect.activation.cache.CacheListing;
import org.netdissect.base.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that lists the activation cache. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Lists the layers in the cache, most recently used first, with network, probe set, size and progress.")
final class CacheListCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private CacheOption cache = new CacheOption();

    @Option(names = "--json", description = "Print the result as JSON, with whole keys and paths.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        CacheListing listing = CacheListing.of(cache.folder());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.text(listing.json()));
            return ExitCode.DONE;
        }
        PrintWriter err = spec.commandLine().getErr();
        out.print(listing.text());
        listing.notes().forEach(note -> err.println("note: " + note));
        return ExitCode.DONE;
    }
}
