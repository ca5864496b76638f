using DasAudit.Abstractions;
using DasAudit.Cli.Shell;

namespace DasAudit.Cli.Plugins;

/// <summary>All plugins of the search path. A broken one stands in the list with its problem and does not keep the others from working.</summary>
internal sealed class AdapterCatalog : IDisposable
{
    private readonly List<Plugin> _plugins = [];
    private readonly List<PluginEntry> _entries = [];
    private readonly Surroundings _surroundings;

    private AdapterCatalog(Surroundings surroundings) => _surroundings = surroundings;

    /// <summary>The plugins, in the order in which they were found.</summary>
    public IReadOnlyList<PluginEntry> Entries => _entries;

    private IEnumerable<LoadedAdapter> Adapters => _entries.SelectMany(entry => entry.Adapters);

    /// <summary>Loads every plugin of the search path.</summary>
    /// <param name="surroundings">Decide the search path.</param>
    /// <param name="further">The folder of <c>--plugins</c>, as written; null for none.</param>
    /// <exception cref="AuditException">The further folder is wrong.</exception>
    public static AdapterCatalog Open(Surroundings surroundings, string? further)
    {
        var catalog = new AdapterCatalog(surroundings);
        foreach (var folder in PluginSearchPath.Folders(surroundings, further).SelectMany(PluginSearchPath.PluginsIn))
            catalog.Add(folder);
        return catalog;
    }

    /// <summary>The adapter for a model.</summary>
    /// <param name="model">The checkpoint, as written.</param>
    /// <param name="name">The adapter that must be used; null for the one that recognises the model.</param>
    /// <exception cref="AuditException">There is no such adapter, or more than one.</exception>
    public LoadedAdapter FindFor(string model, string? name)
    {
        var path = _surroundings.Resolve(model);
        if (!File.Exists(path) && !Directory.Exists(path))
            throw new AuditException($"There is no model at '{model}'; give the folder of a checkpoint.");
        return name is null ? Recognising(path, model) : Named(name);
    }

    /// <summary>What is wrong with an adapter's name: another plugin's adapter has it too; null if nothing is.</summary>
    public string? Conflict(LoadedAdapter adapter)
    {
        var same = Adapters
            .Where(other => other.Name == adapter.Name)
            .Select(other => $"'{other.AssemblyPath}'")
            .ToList();
        return same.Count == 1
            ? null
            : $"The adapter '{adapter.Name}' is there more than once, in {string.Join(" and ", same)}; remove all but one.";
    }

    /// <inheritdoc/>
    public void Dispose() => _plugins.ForEach(plugin => plugin.Dispose());

    private void Add(string folder)
    {
        var name = Path.GetFileName(folder);
        var assembly = Path.Combine(folder, name + ".dll");
        try
        {
            var plugin = Plugin.Load(assembly);
            _plugins.Add(plugin);
            _entries.Add(new(name, assembly, plugin.Adapters, null));
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
        var able = Adapters
            .Where(adapter => Recognises(adapter, path, failures))
            .DistinctBy(adapter => adapter.Name)
            .ToList();
        return able.Count switch
        {
            1 => Unique(able[0]),
            0 => throw new AuditException(
                $"No adapter recognises the model '{model}': {Tried(failures)}; give another model or a further plugin with --plugins."
            ),
            _ => throw new AuditException(
                $"The adapters {string.Join(" and ", able.Select(adapter => $"'{adapter.Name}'"))} recognise '{model}'; choose one with --adapter."
            ),
        };
    }

    private static bool Recognises(LoadedAdapter adapter, string path, List<string> failures)
    {
        try
        {
            return adapter.CanLoad(path);
        }
        catch (AuditException error)
        {
            failures.Add(error.Message);
            return false;
        }
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
