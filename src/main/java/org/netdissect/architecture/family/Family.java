package org.netdissect.architecture.family;

import java.util.List;
import java.util.Map;

/** Networks that share their code and differ in numbers: depth, width, kernels. */
public interface Family {
    /** The published networks, in the order in which they are listed. */
    List<Architecture> known();

    /**
     * Networks of this family beside the published ones that a file's tensors suggest, such as of another depth.
     *
     * @param sizes of the file's tensors by name
     */
    default List<Architecture> suggested(Map<String, List<Long>> sizes) {
        return List.of();
    }

    /**
     * The name of a tensor as the published network has it; other releases of the same network have other names.
     *
     * @param name as the file has it
     */
    default String canonical(String name) {
        return name;
    }
}
