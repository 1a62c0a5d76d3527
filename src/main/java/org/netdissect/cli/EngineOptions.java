package org.netdissect.cli;

import org.jspecify.annotations.Nullable;
import org.netdissect.network.MemoryFormat;
import org.netdissect.run.EngineSettings;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options for the engine's batches, device and threads. */
final class EngineOptions {
    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Images per forward pass (default: 4 on a CPU, 64 on a GPU).")
    private @Nullable Integer batch;

    @Mixin
    private DeviceOption device = new DeviceOption();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description =
                    "Forward passes and alignments in parallel (default: one per core). The tables do not depend on "
                            + "it.")
    private @Nullable Integer threads;

    @Option(
            names = "--memory-format",
            paramLabel = "NAME",
            description = "Layout of tensors in the engine: contiguous, or channels-last if the network allows it. "
                    + "Activations differ in their last digits (default: channels-last on a CPU, contiguous on a GPU).")
    private @Nullable MemoryFormat format;

    EngineSettings settings() {
        return new EngineSettings(
                Converters.atLeastOne("--batch", batch, 0),
                device.device(),
                Converters.atLeastOne("--threads", threads, Runtime.getRuntime().availableProcessors()),
                format);
    }
}
