package org.netdissect.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.cache.CachePruning;
import org.netdissect.activation.cache.PruningResult;
import org.netdissect.base.ByteSize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that deletes from the activation cache. */
@Command(
        name = "prune",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Deletes activations, least recently used first. At least one of --older-than, --max-size, --key and "
                    + "--unfinished is needed; several narrow each other down.",
            "Keys in use are kept, and so are files that are not part of a cache. Activations that are needed later "
                    + "are computed again."
        })
final class CachePruneCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--older-than",
            paramLabel = "AGE",
            description = "Delete keys not used for this time, in hours, days or weeks, such as 12h, 30d or 8w.")
    private @Nullable Duration olderThan;

    @Option(
            names = "--max-size",
            paramLabel = "SIZE",
            description = "Delete keys until the cache has at most this size, such as 100GB.")
    private @Nullable ByteSize maxSize;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Delete this key, given by its first digits; may be given several times.")
    private List<String> keys = new ArrayList<>();

    @Option(names = "--unfinished", description = "Delete layers that interrupted runs left, and keys without layers.")
    private boolean unfinished;

    @Option(names = "--dry-run", description = "Delete nothing, and list the deletions.")
    private boolean dryRun;

    @Mixin
    private CacheOption cache = new CacheOption();

    @Override
    public Integer call() throws IOException {
        CachePruning.Criteria criteria = new CachePruning.Criteria(
                keys, Optional.ofNullable(olderThan), Optional.ofNullable(maxSize), unfinished);
        PruningResult result = CachePruning.run(cache.folder(), criteria, Instant.now(), dryRun);
        PrintWriter err = spec.commandLine().getErr();
        spec.commandLine().getOut().print(result.text());
        result.notes().forEach(note -> err.println("note: " + note));
        result.failures().forEach(line -> Errors.print(err, line));
        return result.failures().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }
}
