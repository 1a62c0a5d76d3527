package org.netdissect.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.netdissect.activation.CacheInventory;
import org.netdissect.pipeline.CacheVerification;
import org.netdissect.pipeline.StageListener;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Verifies the activation cache. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Reads the cache whole and holds every chunk and every file of thresholds against its checksum.",
            "Of an unfinished layer it reads what the next run would go on from."
        },
        footer = {"", "Exit codes: 0 all is whole, 1 the verification failed, 2 something is damaged or wrong usage."})
final class CacheVerifyCommand implements Callable<Integer> {
    private final StageListener stages;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            paramLabel = "KEY",
            arity = "0..*",
            description = "Only these keys, by their first digits (default: all).")
    private List<String> keys = new ArrayList<>();

    @Option(names = "--layer", paramLabel = "NAME", description = "Only this layer; may be given several times.")
    private List<String> layers = new ArrayList<>();

    @Mixin
    private CacheOption cache = new CacheOption();

    CacheVerifyCommand(StageListener stages) {
        this.stages = stages;
    }

    @Override
    public Integer call() throws IOException {
        CacheInventory inventory = cache.inventory();
        List<CacheVerification.Result> results = CacheVerification.run(
                inventory, keys, layers, Runtime.getRuntime().availableProcessors(), stages);
        PrintWriter out = spec.commandLine().getOut();
        if (results.isEmpty()) {
            out.println("There is nothing to verify: " + inventory.root());
            return ExitCode.DONE;
        }
        results.forEach(result -> result.faults().forEach(out::println));
        out.println(CacheTables.verification(inventory, results));
        long damaged =
                results.stream().filter(result -> !result.faults().isEmpty()).count();
        if (damaged == 0) {
            return ExitCode.DONE;
        }
        Errors.print(
                spec.commandLine().getErr(),
                inventory.root() + ": " + damaged + " of " + results.size()
                        + (results.size() == 1 ? " layer" : " layers")
                        + " damaged, as listed above; delete the damaged layers' folders, or whole keys with "
                        + "'netdissect cache prune --key KEY', and they are computed again when needed");
        // As 'check' ends where it finds faults: what it was given to look through is wrong, and it did its work.
        return ExitCode.WRONG_INPUT;
    }
}
