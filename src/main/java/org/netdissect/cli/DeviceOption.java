package org.netdissect.cli;

import org.netdissect.network.ComputeDevice;
import picocli.CommandLine.Option;

/** The option for the device of the network. */
final class DeviceOption {
    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "Device of the network: auto, cpu, gpu or gpu:N (default: ${DEFAULT-VALUE}).")
    private ComputeDevice device = ComputeDevice.AUTO;

    ComputeDevice device() {
        return device;
    }
}
