package org.netdissect.architecture;

import java.util.Collection;
import java.util.Optional;

/** Networks that are recognised but not built here. */
final class Unsupported {
    private Unsupported() {}

    /**
     * The line for a network that only an exported program can give; empty for any other.
     *
     * @param names of a file's tensors, without prefixes
     */
    static Optional<String> line(Collection<String> names) {
        boolean maxvit = names.contains("stem.0.0.weight")
                && names.stream()
                        .anyMatch(name -> name.matches("blocks\\.\\d+\\.layers\\.\\d+\\.layers\\.MBconv\\..*"));
        return maxvit
                ? Optional.of(
                        "the tensors are those of torchvision's maxvit_t, which no family builds: save it as .pt2,"
                                + " torch.export.save(torch.export.export(net.eval(), (images,)), \"maxvit_t.pt2\")")
                : Optional.empty();
    }
}
