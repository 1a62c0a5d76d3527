package org.netdissect.torchscript;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A module of the network and its submodules.
 *
 * @param name dotted path, {@code layer4.1.conv2}; empty for the network itself
 * @param type qualified class, {@code __torch__.torch.nn.modules.conv.Conv2d}; traced and repeated classes carry a part
 *     {@code ___torch_mangle_7}
 * @param children in declaration order
 * @param returnType what its {@code forward} is declared to return, such as {@code Tensor}; empty where it has none
 * @param uses ways in which the code leads from the network's {@code forward} to a call of this module; 0: never
 *     called; a loop counts once, and each branch counts
 * @param obstacle why it cannot be tapped, to be read after {@code layer NAME}; empty where it can
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

    /** Whether its output can be had. */
    public boolean tappable() {
        return obstacle.isEmpty();
    }

    /** This module and all below it, depth first in declaration order. */
    Stream<ModuleNode> all() {
        return Stream.concat(Stream.of(this), children.stream().flatMap(ModuleNode::all));
    }
}
