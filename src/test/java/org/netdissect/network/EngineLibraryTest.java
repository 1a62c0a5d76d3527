package org.netdissect.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.util.Platform;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineLibraryTest {
    @TempDir
    private Path folder;

    @AfterEach
    void forget() {
        System.clearProperty(EngineLibrary.PATH);
    }

    @Test
    void theBundledLibraryIsTheOneThatDjlFinds() throws IOException {
        Platform found = Platform.detectPlatform("pytorch");
        EngineLibrary library = EngineLibrary.find();
        assertEquals(found.getVersion(), library.version());
        assertEquals(found.getFlavor().startsWith("cu"), library.cuda());
        assertEquals("PyTorch " + found.getVersion() + " (DJL " + Engine.getDjlVersion() + ")", Engines.version());
    }

    @Test
    void aLibraryThatTheUserNamesIsToldFromOthers() throws IOException {
        String usual = EngineLibrary.find().version();
        Files.writeString(folder.resolve(System.mapLibraryName("torch")), "");
        Files.writeString(folder.resolve(System.mapLibraryName("torch_cpu")), "12345");
        System.setProperty(EngineLibrary.PATH, folder.resolve("missing") + File.pathSeparator + folder);
        EngineLibrary library = EngineLibrary.find();
        assertEquals(usual + " of 5 bytes", library.version());
        assertFalse(library.cuda());

        Files.writeString(folder.resolve(System.mapLibraryName("torch_cuda")), "");
        assertTrue(EngineLibrary.find().cuda());
    }

    @Test
    void aFolderWithoutALibraryIsPassedOver() throws IOException {
        EngineLibrary usual = EngineLibrary.find();
        System.setProperty(EngineLibrary.PATH, folder.toString());
        assertEquals(usual, EngineLibrary.find());
    }

    @Test
    void errorsOfTheEngineNameTheLibraryThatIsMissing() {
        Throwable missing = new UnsatisfiedLinkError("libcudnn.so.9: cannot open shared object file");
        assertEquals(
                "Failed to load PyTorch native library: libcudnn.so.9: cannot open shared object file",
                EngineErrors.withCauses(new IllegalStateException("Failed to load PyTorch native library", missing)));
        assertEquals("libcudnn.so.9: cannot open shared object file", EngineErrors.withCauses(missing));
    }
}
