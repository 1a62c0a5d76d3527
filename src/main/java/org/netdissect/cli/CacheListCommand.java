package org.netdissect.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.netdissect.activation.CacheInventory;
import org.netdissect.activation.StoredLayer;
import org.netdissect.base.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the activation cache. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Lists the layers in the cache, most recently used first: for which network and probe set, how "
                + "large, how far, when last used.")
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
        CacheInventory inventory = cache.inventory();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.text(CacheJson.of(inventory)));
            return ExitCode.DONE;
        }
        PrintWriter err = spec.commandLine().getErr();
        CacheOption.printForeign(inventory, err);
        if (inventory.keys().isEmpty()) {
            boolean isThere = java.nio.file.Files.exists(inventory.root());
            out.println((isThere ? "The cache is empty: " : "There is no cache yet: ") + inventory.root());
            return ExitCode.DONE;
        }
        out.println(CacheTables.inventory(inventory));
        long layers =
                inventory.keys().stream().mapToLong(key -> key.layers().size()).sum();
        out.println(count(layers, "layer") + " under " + count(inventory.keys().size(), "key") + ", "
                + CacheTables.size(inventory.bytes()) + " in " + inventory.root());
        inventory.keys().stream()
                .flatMap(key -> key.layers().stream())
                .map(StoredLayer::problem)
                .filter(problem -> !problem.isEmpty())
                .forEach(problem -> err.println("note: " + problem));
        return ExitCode.DONE;
    }

    private static String count(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
