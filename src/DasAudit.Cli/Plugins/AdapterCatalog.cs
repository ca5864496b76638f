using DasAudit.Core.Models;

namespace DasAudit.Cli.Plugins;

/// <summary>All plugins of the search path; a broken one is listed with its problem.</summary>
internal sealed class AdapterCatalog
{
    private readonly List<PluginEntry> _entries = [];
    private readonly Surroundings _surroundings;

    private AdapterCatalog(Surroundings surroundings) => _surroundings = surroundings;

    /// <summary>The plugins, in the order in which they were found.</summary>
    public IReadOnlyList<PluginEntry> Entries => _entries;

    private IEnumerable<LoadedAdapter> Adapters => _entries.SelectMany(entry => entry.Adapters);

    /// <summary>Loads all plugins; the further folder is that of <c>--plugins</c>, as written.</summary>
    public static AdapterCatalog Open(Surroundings surroundings, string? further)
    {
        var catalog = new AdapterCatalog(surroundings);
        foreach (var folder in PluginSearchPath.Folders(surroundings, further).SelectMany(PluginSearchPath.PluginsIn))
            catalog.Add(folder);
        return catalog;
    }

    /// <summary>The only adapter of a name, or, if that is null, the only one that recognises the model.</summary>
    public LoadedAdapter FindFor(string model, string? name)
    {
        var path = _surroundings.Resolve(model);
        if (!File.Exists(path) && !Directory.Exists(path))
            throw new AuditException($"There is no model at '{model}'; give the folder of a checkpoint.");
        return name is null ? Recognising(path, model) : Named(name);
    }

    /// <summary>What is wrong with an adapter's name: another plugin's adapter has it too; null if none has.</summary>
    public string? Conflict(LoadedAdapter adapter)
    {
        var paths = Adapters
            .Where(candidate => candidate.Name == adapter.Name)
            .Select(candidate => $"'{candidate.AssemblyPath}'")
            .ToList();
        return paths.Count == 1
            ? null
            : $"The adapter '{adapter.Name}' is there more than once, in {string.Join(" and ", paths)}; "
                + "remove all but one.";
    }

    private void Add(string folder)
    {
        var name = Path.GetFileName(folder);
        var assembly = Path.Combine(folder, name + ".dll");
        try
        {
            _entries.Add(new(name, assembly, Plugin.Load(assembly), null));
        }
        catch (AuditException error)
        {
            _entries.Add(new(name, assembly, [], error.Message));
        }
    }

    private LoadedAdapter Named(string name)
    {
        var adapter =
            Adapters.FirstOrDefault(adapter => adapter.Name == name)
            ?? throw new AuditException(
                $"There is no adapter '{name}': {Tried([])}; see 'dotnet das-audit adapters list'."
            );
        return Unique(adapter);
    }

    private LoadedAdapter Recognising(string path, string model)
    {
        var failures = new List<string>();
        var recognising = new List<LoadedAdapter>();
        foreach (var adapter in Adapters)
        {
            try
            {
                if (adapter.CanLoad(path))
                    recognising.Add(adapter);
            }
            catch (AuditException error)
            {
                failures.Add(error.Message);
            }
        }
        var names = recognising.Select(adapter => adapter.Name).Distinct().ToList();
        if (names.Count == 0)
        {
            var kind = UnknownModel.Describe(path) is { } description ? $", which is {description}" : "";
            throw new AuditException(
                $"No adapter recognises the model '{model}'{kind}: {Tried(failures)}; "
                    + "give another model or a further plugin with --plugins."
            );
        }
        if (names.Count > 1)
        {
            var quoted = string.Join(" and ", names.Select(name => $"'{name}'"));
            throw new AuditException($"The adapters {quoted} recognise '{model}'; choose one with --adapter.");
        }
        return Unique(recognising[0]);
    }

    private LoadedAdapter Unique(LoadedAdapter adapter) =>
        Conflict(adapter) is { } conflict ? throw new AuditException(conflict) : adapter;

    private string Tried(IEnumerable<string> failures)
    {
        var names = Adapters.Select(adapter => adapter.Name).Distinct().ToList();
        var problems = _entries
            .Select(entry => entry.Problem)
            .OfType<string>()
            .Concat(failures)
            .Select(problem => problem.TrimEnd('.'))
            .ToList();
        var tried = names.Count == 0 ? "no adapter is installed" : $"asked {string.Join(", ", names)}";
        return problems.Count == 0 ? tried : $"{tried}, and there are broken plugins ({string.Join("; ", problems)})";
    }
}
