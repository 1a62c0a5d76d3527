package org.netdissect.torchscript;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A module of the network and its submodules.
 *
 * @param name dotted path, {@code layer4.1.conv2}; empty for the network itself
 * @param type qualified class, {@code __torch__.torch.nn.modules.conv.Conv2d}; traced and repeated classes have a
 *     component {@code ___torch_mangle_7}
 * @param children in declaration order
 * @param returnType declared return type of its {@code forward}, such as {@code Tensor}; empty without {@code forward}
 * @param uses number of call paths from the network's {@code forward} to this module, 0 if never called; a loop counts
 *     once, and each branch counts
 * @param obstacle reason why it cannot be tapped, to follow {@code layer NAME} in a message; empty if it can
 */
public record ModuleNode(
        String name,
        String type,
        List<ModuleNode> children,
        Optional<String> returnType,
        int uses,
        Optional<String> obstacle) {

    /** Copies the list. */
    public ModuleNode {
        children = List.copyOf(children);
    }

    /** The class without package and mangling: {@code Conv2d}. */
    public String simpleType() {
        return type.substring(type.lastIndexOf('.') + 1);
    }

    /** Whether its output can be tapped. */
    public boolean tappable() {
        return obstacle.isEmpty();
    }

    /** This module and all below it, depth first in declaration order. */
    Stream<ModuleNode> all() {
        return Stream.concat(Stream.of(this), children.stream().flatMap(ModuleNode::all));
    }
}
