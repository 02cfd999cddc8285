package dev.rill.api;

import dev.rill.Model;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What callers can see: public constructors and methods of public classes in the packages that the module exports. */
final class PublicApi {
  private PublicApi() {}

  /** All classes, by name. */
  static List<Class<?>> classes() {
    try {
      Path root = Path.of(Model.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      ModuleDescriptor module = ModuleFinder.of(root).find("dev.rill").orElseThrow().descriptor();
      List<Class<?>> classes = new ArrayList<>();
      for (ModuleDescriptor.Exports exported : module.exports()) {
        if (!exported.isQualified()) {
          try (Stream<Path> files = Files.list(root.resolve(exported.source().replace('.', '/')))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
              String name = file.getFileName().toString();
              if (!name.equals("package-info.class")) {
                Class<?> type = Class.forName(exported.source() + '.' + name.substring(0, name.length() - ".class".length()));
                if (seen(type)) {
                  classes.add(type);
                }
              }
            }
          }
        }
      }
      classes.sort(Comparator.comparing(Class::getName));
      return classes;
    } catch (IOException | URISyntaxException | ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean seen(Class<?> type) {
    return Modifier.isPublic(type.getModifiers()) && (type.getEnclosingClass() == null || seen(type.getEnclosingClass()));
  }

  /** What can be called of a class, its inherited methods too, in an order of its own. */
  static List<Executable> members(Class<?> type) {
    List<Executable> members = new ArrayList<>();
    if (!Modifier.isAbstract(type.getModifiers())) {
      for (Constructor<?> constructor : type.getConstructors()) {
        members.add(constructor);
      }
    }
    for (Method method : type.getMethods()) {
      boolean own = method.getDeclaringClass().getName().startsWith("dev.rill.");
      // What the compiler adds to every enum follows the language, not the library.
      boolean added = type.isEnum() && (method.getName().equals("valueOf") || method.getName().equals("values"));
      if (own && !added && !method.isBridge() && !method.isSynthetic()) {
        members.add(method);
      }
    }
    members.sort(Comparator.comparing(Executable::toString));
    return members;
  }
}
