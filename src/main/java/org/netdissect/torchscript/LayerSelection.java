package org.netdissect.torchscript;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.netdissect.base.InputException;
import org.netdissect.base.NearestNames;
import org.netdissect.base.Wildcards;

/** Finds layers by name or pattern. */
final class LayerSelection {
    private final String file;
    private final List<ModuleNode> modules;

    /** @param file name at the start of error messages */
    LayerSelection(String file, List<ModuleNode> modules) {
        this.file = file;
        this.modules = modules;
    }

    /** Names of tappable layers in module-tree order, without repeats. */
    List<String> select(Collection<String> patterns) {
        Set<String> chosen = new LinkedHashSet<>();
        for (String pattern : patterns) {
            if (pattern.contains("*") || pattern.contains("?")) {
                chosen.addAll(matching(pattern));
            } else {
                chosen.add(named(pattern).name());
            }
        }
        return modules.stream().map(ModuleNode::name).filter(chosen::contains).toList();
    }

    private ModuleNode named(String name) {
        ModuleNode node = modules.stream()
                .filter(module -> module.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InputException(file + ": no layer " + name + hint(name)));
        if (!node.tappable()) {
            throw untappable(node);
        }
        return node;
    }

    private Set<String> matching(String pattern) {
        List<ModuleNode> matches = modules.stream()
                .filter(module -> Wildcards.match(pattern, module.name()))
                .toList();
        Set<String> names = matches.stream()
                .filter(ModuleNode::tappable)
                .map(ModuleNode::name)
                .collect(Collectors.toSet());
        if (matches.isEmpty()) {
            throw new InputException(file + ": no layer matches " + pattern + hint(pattern));
        } else if (names.isEmpty()) {
            throw untappable(matches.get(0));
        }
        return names;
    }

    private InputException untappable(ModuleNode node) {
        return new InputException(
                file + ": layer " + node.name() + " " + node.obstacle().orElse(""));
    }

    private String hint(String name) {
        if (modules.isEmpty()) {
            return ": " + TorchScriptArchive.NO_SUBMODULES;
        }
        List<String> near = NearestNames.of(
                name,
                modules.stream()
                        .filter(ModuleNode::tappable)
                        .map(ModuleNode::name)
                        .toList());
        return near.isEmpty()
                ? "; the subcommand layers lists them"
                : "; did you mean " + String.join(", ", near) + "?";
    }
}
