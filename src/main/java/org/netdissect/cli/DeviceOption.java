package org.netdissect.cli;

import org.netdissect.network.ComputeDevice;
import picocli.CommandLine.Option;

/** Where the network runs. */
final class DeviceOption {
    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "auto, cpu, gpu or gpu:N (default: ${DEFAULT-VALUE}).")
    private ComputeDevice device = ComputeDevice.AUTO;

    ComputeDevice device() {
        return device;
    }
}
