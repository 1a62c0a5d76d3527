package org.netdissect.torchscript;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.netdissect.base.FuzzFolder;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.field.ReceptiveFields;

/** Any bytes as a TorchScript archive, which is opened, tapped and opened again. */
public final class ArchiveFuzz {
    private static final Path FOLDER = FuzzFolder.create();

    private ArchiveFuzz() {}

    private static void fields(TorchScriptArchive archive) throws IOException {
        ReceptiveFields fields = ReceptiveFields.of(archive, new GridSize(64, 48));
        for (ModuleNode module : archive.modules()) {
            if (fields.of(module.name()).isEmpty()
                    == fields.obstacle(module.name()).isEmpty()) {
                throw new AssertionError(module.name() + ": neither field nor obstacle, or both");
            }
        }
    }

    /** Entry for Jazzer, and for FuzzRegressionTest with Jazzer's findings. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        Path file = Files.write(FOLDER.resolve("fuzz.pt"), data);
        TorchScriptArchive archive;
        ByteArrayOutputStream tapped = new ByteArrayOutputStream();
        try {
            archive = TorchScriptArchive.open(file);
            archive.inputTypes();
            fields(archive);
            archive.writeTapped(List.of("*"), tapped);
        } catch (InputException e) {
            FuzzFolder.expectClear(e, "fuzz.pt");
            return;
        }
        Path copy = Files.write(FOLDER.resolve("copy.pt"), tapped.toByteArray());
        List<ModuleNode> modules = TorchScriptArchive.open(copy).modules();
        if (!modules.equals(archive.modules())) {
            throw new AssertionError("the taps changed the modules: " + archive.modules() + " became " + modules);
        }
    }
}
