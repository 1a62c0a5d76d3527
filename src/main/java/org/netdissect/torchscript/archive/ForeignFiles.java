package org.netdissect.torchscript.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.netdissect.base.GitLfs;
import org.netdissect.base.InputException;
import org.netdissect.base.Printable;
import org.netdissect.torchscript.syntax.ClassDef;
import org.netdissect.torchscript.syntax.Trees;

/** Identifies files that hold no network, and advises what to do. */
public final class ForeignFiles {
    /** Every format that is read, to end a message. */
    private static final String EXPECTED = "expected a TorchScript archive, a torch.export archive (.pt2), a checkpoint"
            + " of torch.save (.pth, .pth.tar, .ckpt, .bin) or safetensors";

    private static final String WEIGHTS =
            "holds weights only, a state_dict or checkpoint without the network's code; expected TorchScript here";

    private ForeignFiles() {}

    /** A kind of file by its first bytes, and what its message says. */
    private record Mark(int at, String text, String message) {}

    // tar's mark is in POSIX 1003.1; the others are in the formats' own specifications
    private static final List<Mark> MARKS = List.of(
            new Mark(4, "ET", "is an ExecuTorch program, which has no modules; give the network before its export"),
            new Mark(
                    257,
                    "ustar",
                    "is a tar: a checkpoint of PyTorch 0.1.10 or older, to be loaded and saved again"
                            + " with a newer PyTorch, or a folder to be unpacked"),
            new Mark(0, "\u001f\u008b", "is compressed with gzip; unpack it first"),
            new Mark(0, "\u0089HDF", "is HDF5, as Keras writes it; " + EXPECTED),
            new Mark(0, "GGUF", "is a GGUF file, whose weights are quantised; " + EXPECTED),
            new Mark(0, "\u0093NUMPY", "is an array of NumPy, not a network; " + EXPECTED),
            new Mark(0, "\u007fELF", "is compiled code, without modules to dissect; " + EXPECTED),
            new Mark(0, "<", "is a web page or XML, not weights; download the file itself"));

    /** Refuses a file whose name or first bytes are those of a format that is not read. */
    static void refuse(Path file, String name, byte[] head) {
        foreign(name, head).ifPresent(message -> {
            throw new InputException(file + ": " + message);
        });
    }

    private static Optional<String> foreign(String name, byte[] head) {
        if (GitLfs.isPointer(head)) {
            return Optional.of(GitLfs.POINTER);
        } else if (ModelFormat.isSafetensors(head)) {
            return Optional.empty(); // its length may spell a mark
        } else if (name.endsWith(".onnx") || name.endsWith(".caffemodel") || name.endsWith(".tflite")) {
            return Optional.of("is of a format that is not read; give the network's PyTorch checkpoint, or export it"
                    + " with torch.export (.pt2)");
        }
        String text = new String(head, StandardCharsets.ISO_8859_1);
        return MARKS.stream()
                .filter(mark -> text.startsWith(mark.text(), mark.at()))
                .map(Mark::message)
                .findFirst();
    }

    /** Says what a file is that should be a zip and is none, to follow its name in a message. */
    static String describeNonZip(byte[] head) {
        if (head.length == 0) {
            return "is empty; " + EXPECTED + " (not a zip)";
        }
        return new String(head, StandardCharsets.ISO_8859_1).startsWith("PK")
                ? "is a damaged or cut-off zip"
                : "is neither a network nor weights (not a zip); " + EXPECTED;
    }

    /** Says why a file that is no zip is no TorchScript archive. */
    static String describeNonZip(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(ModelFormat.HEAD);
        }
        Optional<String> foreign = foreign(file.toString().toLowerCase(Locale.ROOT), head);
        if (foreign.isPresent()) {
            return foreign.get();
        } else if (ModelFormat.isSafetensors(head)) {
            return WEIGHTS + " (safetensors)";
        } else if (ModelFormat.isPickle(head)) {
            return WEIGHTS + " (PyTorch's format before 1.6)";
        }
        return describeNonZip(head);
    }

    /** Says what a zip is that holds neither code nor tensors. */
    static String describeZip(Set<String> names) {
        if (names.stream().anyMatch(name -> name.contains("data/aotinductor/"))) {
            return "is an AOTInductor package: compiled code, without a graph to dissect; save the network with"
                    + " torch.export.save instead";
        } else if (!names.isEmpty() && names.stream().allMatch(name -> name.endsWith(".npy"))) {
            return "holds arrays of NumPy (.npz), not a network; " + EXPECTED;
        }
        return names.stream()
                .filter(name -> name.matches(".*\\.(pt|pth|ckpt|bin|safetensors|pt2|tar)"))
                .findFirst()
                .map(name -> "is a zip of other files; unpack it and give " + Printable.brief(Printable.of(name), 80))
                .orElse("is a zip but holds no network (no code/ folder, no data.pkl inside); " + EXPECTED);
    }

    /** Whether a zip with these entries is a torch.export archive, of the older or the newer layout. */
    static boolean isExported(Set<String> names) {
        String folder = ZipNames.folder(names);
        boolean compiled = names.stream().anyMatch(name -> name.contains("data/aotinductor/"));
        boolean graph = names.stream().anyMatch(name -> name.startsWith(folder + "/models/") && name.endsWith(".json"));
        return names.contains("serialized_exported_program.json")
                || graph
                || (!compiled && (names.contains(folder + "/archive_format") || names.contains("archive_format")));
    }

    static void refuseOtherArchives(Path file, Set<String> names) {
        String folder = ZipNames.folder(names);
        if (names.stream().anyMatch(name -> name.startsWith(folder + "/code/") && name.endsWith(".py"))) {
            return;
        }
        String found = isExported(names)
                ? "is a torch.export archive (.pt2); expected TorchScript here"
                : names.contains(folder + "/data.pkl") ? WEIGHTS : describeZip(names);
        throw new InputException(file + ": " + found);
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
