package org.netdissect.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.netdissect.activation.cache.CacheVerification;
import org.netdissect.base.StageListener;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command that verifies the activation cache. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Reads the whole cache and compares every chunk and every file of thresholds with its checksum.",
            "In an unfinished layer it reads the finished chunks."
        },
        footer = {"", "Exit codes: 0 no damage, 1 the verification failed, 2 damage or wrong usage."})
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
        CacheVerification verification = CacheVerification.run(
                cache.folder(), keys, layers, Runtime.getRuntime().availableProcessors(), stages);
        spec.commandLine().getOut().print(verification.text());
        verification.damage().ifPresent(line -> Errors.print(spec.commandLine().getErr(), line));
        // the exit code of faults in 'check': the command did its work, its input is wrong
        return verification.damage().isEmpty() ? ExitCode.DONE : ExitCode.WRONG_INPUT;
    }
}
