package org.netdissect.cli;

import org.jspecify.annotations.Nullable;
import org.netdissect.network.MemoryFormat;
import org.netdissect.pipeline.EngineSettings;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How the network runs. */
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
                    "Forward passes and alignments at a time (default: one per core). The tables do not depend on it.")
    private @Nullable Integer threads;

    @Option(
            names = "--memory-format",
            paramLabel = "NAME",
            description = "Order of maps in the engine's memory, which changes activations in their last digits: "
                    + "contiguous, or channels-last where the network takes it (default: channels-last on a CPU, "
                    + "contiguous on a GPU).")
    private @Nullable MemoryFormat format;

    EngineSettings settings() {
        return new EngineSettings(
                Converters.atLeastOne("--batch", batch, 0),
                device.device(),
                Converters.atLeastOne("--threads", threads, Runtime.getRuntime().availableProcessors()),
                format);
    }
}
