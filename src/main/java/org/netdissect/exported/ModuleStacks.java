package org.netdissect.exported;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the modules around nodes, {@code key,path,class;key,path,class;...}; most nodes share theirs. */
final class ModuleStacks {
    /** Far above any network: the largest tested one has 1,000. */
    private static final int MAX_FRAMES = 500_000;

    private final Map<String, List<GraphNode.Frame>> known = new HashMap<>();
    private int frames;

    /** The modules, the outermost first; empty where no module's code calls the operator. */
    List<GraphNode.Frame> read(JsonPart part) {
        return known.computeIfAbsent(part.text(), stack -> frames(part, stack));
    }

    private List<GraphNode.Frame> frames(JsonPart part, String stack) {
        List<GraphNode.Frame> read = new ArrayList<>();
        for (String item : stack.split(";")) {
            String[] parts = item.split(",", 3);
            if (++frames > MAX_FRAMES) {
                throw part.wrong("is one of too many modules");
            } else if (parts.length < 3 || parts[0].startsWith("_empty_nn_module_stack")) {
                return List.of();
            }
            read.add(new GraphNode.Frame(parts[0], withoutCall(parts[1]), parts[2]));
        }
        return List.copyOf(read);
    }

    /** A path without the {@code @1} of a second call. */
    private static String withoutCall(String path) {
        int at = path.lastIndexOf('@');
        return at < 0 ? path : path.substring(0, at);
    }
}
