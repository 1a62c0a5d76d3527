package org.netdissect.torchscript.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.netdissect.base.GitLfs;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.syntax.ClassDef;
import org.netdissect.torchscript.syntax.Trees;

/** Identifies files that are no TorchScript archive, and advises what to do. */
public final class ForeignFiles {
    static final String EXPORT = "export it as TorchScript: scripts/export_torchscript.py";

    private static final String WEIGHTS =
            "holds weights only, a state_dict or checkpoint without the network's code; " + EXPORT;

    private ForeignFiles() {}

    /** Says what a file is that is no zip, to follow its name in a message. */
    static String describeNonZip(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(GitLfs.HEAD);
        }
        String text = new String(head, StandardCharsets.ISO_8859_1);
        if (GitLfs.isPointer(head)) {
            return GitLfs.POINTER;
        } else if (head.length > 1 && (head[0] & 0xff) == 0x80 && head[1] >= 2 && head[1] <= 5) {
            return WEIGHTS + " (PyTorch's format before 1.6)";
        } else if (text.startsWith("PK")) {
            return "is a damaged or cut-off zip";
        } else if (text.startsWith("ET", 4)) {
            return "is an ExecuTorch program; export the original network as TorchScript";
        } else if (text.startsWith("{\"", 8)) {
            return WEIGHTS + " (safetensors)";
        }
        return "is no TorchScript archive (not a zip); expected a .pt file written by torch.jit.save";
    }

    static void refuseOtherArchives(Path file, String folder, Set<String> names) {
        if (names.stream().anyMatch(name -> name.startsWith(folder + "/code/") && name.endsWith(".py"))) {
            return;
        }
        boolean exported = names.contains("serialized_exported_program.json")
                || names.contains(folder + "/archive_format")
                || names.contains("archive_format")
                || names.stream().anyMatch(name -> name.startsWith(folder + "/models/") && name.endsWith(".json"));
        if (exported) {
            throw new InputException(
                    file + ": is a torch.export archive (.pt2), not TorchScript; " + ForeignFiles.EXPORT);
        } else if (names.contains(folder + "/data.pkl")) {
            throw new InputException(file + ": " + WEIGHTS);
        }
        throw new InputException(
                file + ": is a zip but no TorchScript archive (no code/ folder inside); expected a .pt file written"
                        + " by torch.jit.save");
    }

    /** Refuses XNNPACK, Vulkan and Metal archives: their weights are in opaque objects and their modules are merged. */
    public static void refusePrepacked(Path file, ClassDef root) {
        boolean prepacked = Trees.expressions(root)
                .flatMap(expr -> expr.dotted().stream())
                .anyMatch(name -> name.startsWith("ops.prepacked.")
                        || name.startsWith("ops.vulkan_prepack.")
                        || name.startsWith("ops.metal_prepack."));
        if (prepacked) {
            throw new InputException(file + ": is mobile-optimised: its weights are prepacked and it has no"
                    + " submodules to dissect; export the original network instead");
        }
    }
}
