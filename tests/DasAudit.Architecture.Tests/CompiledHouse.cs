using DasAudit.Architecture.Tests.Arrows;
using DasAudit.Architecture.Tests.Rooms;
using Mono.Cecil;

namespace DasAudit.Architecture.Tests;

/// <summary>The assemblies of <c>Rooms.txt</c> as they were built, read once for all tests.</summary>
internal static class CompiledHouse
{
    internal static IReadOnlyDictionary<HouseAssembly, ModuleDefinition> Modules { get; } =
        House.Assemblies.ToDictionary(assembly => assembly, assembly => ReadModule(assembly.File));

    internal static IReadOnlyList<Arrow> Arrows { get; } = ReadArrows();

    private static List<Arrow> ReadArrows()
    {
        var names = House.Assemblies.Select(assembly => assembly.Name).ToHashSet();
        return [.. Modules.Values.SelectMany(module => new ArrowReader(module, names).Read())];
    }

    private static ModuleDefinition ReadModule(string file)
    {
        var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(AppContext.BaseDirectory);
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location));
        var parameters = new ReaderParameters { AssemblyResolver = resolver };
        return ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, file), parameters);
    }
}
