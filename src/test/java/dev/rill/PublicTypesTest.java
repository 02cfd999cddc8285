package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What all public types of the exported packages have in common. */
class PublicTypesTest {
  @Test
  void everyOneSaysSomethingWhereItIsPrinted() throws Exception {
    List<String> silent = new ArrayList<>();
    int types = 0;
    for (Class<?> type : publicTypes()) {
      boolean objects = !type.isInterface() && !Modifier.isAbstract(type.getModifiers())
          && Arrays.stream(type.getDeclaredMethods()).anyMatch(PublicTypesTest::isForUsers);
      types++;
      if (objects && type.getMethod("toString").getDeclaringClass() == Object.class) {
        silent.add(type.getName());
      }
    }
    assertTrue(types > 100, "the classes are not where they are looked for");
    assertEquals(List.of(), silent);
  }

  private static boolean isForUsers(Method method) {
    return Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers());
  }

  private static List<Class<?>> publicTypes() throws IOException, URISyntaxException, ClassNotFoundException {
    Path root = Path.of(Model.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    ModuleDescriptor module;
    try (var bytes = Files.newInputStream(root.resolve("module-info.class"))) {
      module = ModuleDescriptor.read(bytes);
    }
    List<Class<?>> types = new ArrayList<>();
    for (ModuleDescriptor.Exports exported : module.exports()) {
      try (Stream<Path> files = Files.list(root.resolve(exported.source().replace('.', '/')))) {
        for (Path file : files.filter(name -> name.toString().endsWith(".class")).sorted().toList()) {
          String name = file.getFileName().toString().replace(".class", "");
          Class<?> type = Class.forName(exported.source() + "." + name, false, Model.class.getClassLoader());
          if (Modifier.isPublic(type.getModifiers()) && !type.isAnonymousClass()) {
            types.add(type);
          }
        }
      }
    }
    return types;
  }
}
