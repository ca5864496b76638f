using DasAudit.Abstractions;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Plugins;
using DasAudit.Cli.Tests.Harness;
using TorchSharp;

namespace DasAudit.Cli.Tests.Plugins;

public sealed class AdapterCatalogTests : IDisposable
{
    private readonly Tool _tool = new();
    private readonly string _model;

    public AdapterCatalogTests()
    {
        _model = Path.Combine(_tool.WorkingDirectory, "model");
        Directory.CreateDirectory(_model);
    }

    private string Folder => Path.Combine(_tool.ToolDirectory, "plugins");

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void A_sound_plugin_is_loaded_with_its_hash_and_version()
    {
        var path = MoodyPlugin.Install(Folder);
        var catalog = Open();
        var adapter = catalog.FindFor(_model, null);
        Assert.Equal("moody", adapter.Name);
        Assert.Equal(path, adapter.AssemblyPath);
        Assert.StartsWith("0.1.0", adapter.Version, StringComparison.Ordinal);
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))),
            adapter.Sha256
        );
    }

    [Fact]
    public void An_assembly_is_loaded_once_and_for_good()
    {
        MoodyPlugin.Install(Folder);
        var first = Open().FindFor(_model, null).Inner;
        var second = Open().FindFor(_model, null).Inner;
        Assert.NotSame(first, second);
        Assert.Same(first.GetType(), second.GetType());
        Assert.False(first.GetType().Assembly.IsCollectible);
    }

    [Fact]
    public void All_folders_of_the_search_path_are_searched_in_order()
    {
        MoodyPlugin.Install(Path.Combine(_tool.WorkingDirectory, "further"), "D", "called d");
        MoodyPlugin.Install(Path.Combine(_tool.Home, ".das-audit", "plugins"), "C", "called c");
        MoodyPlugin.Install(Path.Combine(_tool.WorkingDirectory, "plugins"), "B", "called b");
        MoodyPlugin.Install(Folder, "A2", "called a2");
        MoodyPlugin.Install(Folder, "A1", "called a1");
        var catalog = Open("further");
        Assert.Equal(
            ["a1", "a2", "b", "c", "d"],
            catalog.Entries.SelectMany(entry => entry.Adapters).Select(adapter => adapter.Name)
        );
    }

    [Fact]
    public void A_folder_that_two_ways_lead_to_is_searched_once()
    {
        MoodyPlugin.Install(Path.Combine(_tool.WorkingDirectory, "plugins"));
        Directory.CreateSymbolicLink(Folder, Path.Combine(_tool.WorkingDirectory, "plugins"));
        var catalog = Open("plugins");
        Assert.Single(catalog.Entries);
    }

    [Fact]
    public void A_plugin_s_sources_are_no_plugin()
    {
        _tool.Write("plugins/Mine/Mine.csproj", "<Project />");
        var catalog = Open();
        Assert.Empty(catalog.Entries);
    }

    [Fact]
    public void A_broken_plugin_does_not_keep_others_from_working()
    {
        MoodyPlugin.Install(Folder, "Broken", "constructor throws");
        MoodyPlugin.Install(Folder);
        var catalog = Open();
        Assert.Equal("moody", catalog.FindFor(_model, null).Name);
        Assert.NotNull(catalog.Entries.Single(entry => entry.Name == "Broken").Problem);
    }

    [Fact]
    public void Without_an_adapter_for_the_model_the_sentence_says_what_was_tried()
    {
        MoodyPlugin.Install(Folder, "Blind", "recognises nothing");
        var broken = MoodyPlugin.Install(Folder, "Broken", "constructor throws");
        var catalog = Open();
        var error = Assert.Throws<AuditException>(() => catalog.FindFor("model", null));
        Assert.Equal(
            $"No adapter recognises the model 'model', which is an empty folder: asked moody, and there are broken "
                + $"plugins ('{broken}' cannot start its adapter 'MoodyAdapter': "
                + "InvalidOperationException: not today; ask the plugin's author); "
                + "give another model or a further plugin with --plugins.",
            error.Message
        );
    }

    [Fact]
    public void Without_any_plugin_the_sentence_says_so()
    {
        var catalog = Open();
        Assert.Contains(
            "no adapter is installed",
            Assert.Throws<AuditException>(() => catalog.FindFor("model", null)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "no adapter is installed",
            Assert.Throws<AuditException>(() => catalog.FindFor("model", "moody")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_model_that_is_not_there_is_named()
    {
        var catalog = Open();
        Assert.Equal(
            "There is no model at 'nowhere'; give the folder of a checkpoint.",
            Assert.Throws<AuditException>(() => catalog.FindFor("nowhere", null)).Message
        );
    }

    [Fact]
    public void The_same_name_twice_is_an_error_that_names_both_files_when_it_is_needed()
    {
        var first = MoodyPlugin.Install(Folder, "First");
        var second = MoodyPlugin.Install(Path.Combine(_tool.WorkingDirectory, "plugins"), "Second");
        MoodyPlugin.Install(Folder, "Other", "called other");
        var catalog = Open();
        var sentence = $"The adapter 'moody' is there more than once, in '{first}' and '{second}'; remove all but one.";
        Assert.Equal(sentence, Assert.Throws<AuditException>(() => catalog.FindFor("model", "moody")).Message);
        Assert.Equal("other", catalog.FindFor("model", "other").Name);
        Assert.Equal(sentence, catalog.Conflict(catalog.Entries[0].Adapters[0]));
    }

    [Fact]
    public void The_same_name_twice_stands_in_the_way_of_choosing_by_model()
    {
        MoodyPlugin.Install(Folder, "First");
        MoodyPlugin.Install(Folder, "Second");
        var catalog = Open();
        Assert.Contains(
            "more than once",
            Assert.Throws<AuditException>(() => catalog.FindFor("model", null)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Two_adapters_that_recognise_the_model_must_be_chosen_between()
    {
        MoodyPlugin.Install(Folder, "First", "called one");
        MoodyPlugin.Install(Folder, "Second", "called two");
        var catalog = Open();
        Assert.Equal(
            "The adapters 'one' and 'two' recognise 'model'; choose one with --adapter.",
            Assert.Throws<AuditException>(() => catalog.FindFor("model", null)).Message
        );
        Assert.Equal("two", catalog.FindFor("model", "two").Name);
    }

    [Fact]
    public void An_adapter_that_throws_when_it_looks_is_passed_over_and_named()
    {
        var path = MoodyPlugin.Install(Folder, "Blind", "looking throws");
        var alone = Open();
        var error = Assert.Throws<AuditException>(() => alone.FindFor("model", null));
        Assert.Contains(
            $"'{path}' fails to look at '{_model}': InvalidOperationException: no eyes",
            error.Message,
            StringComparison.Ordinal
        );
        MoodyPlugin.Install(Folder, "Other", "called other");
        var catalog = Open();
        Assert.Equal("other", catalog.FindFor("model", null).Name);
    }

    [Theory]
    [InlineData("loading throws", "' fails to load 'x': InvalidOperationException: a bug; ask the plugin's author.")]
    [InlineData(
        "needs a native library",
        "' fails to load 'x': a native library is missing (Unable to load shared library 'libmoody-is-nowhere'"
    )]
    public void An_adapter_that_throws_when_it_loads_is_named(string mood, string sentence)
    {
        var path = MoodyPlugin.Install(Folder, mood: mood);
        var catalog = Open();
        var error = Assert.Throws<AuditException>(() => Load(catalog));
        Assert.StartsWith($"'{path}{sentence}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_plugin_has_its_own_dependencies()
    {
        MoodyPlugin.Install(Folder, mood: "needs its dependency");
        var catalog = Open();
        Assert.Contains(
            "InvalidOperationException: hello",
            Assert.Throws<AuditException>(() => Load(catalog)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_plugin_s_missing_dependency_is_named()
    {
        var path = MoodyPlugin.Install(Folder, mood: "needs its dependency");
        File.Delete(Path.Combine(Path.GetDirectoryName(path)!, "MoodyDependency.dll"));
        var catalog = Open();
        Assert.Equal(
            $"'{path}' fails to load 'x': it needs 'MoodyDependency', which is not in its folder; copy the "
                + "plugin's whole publish folder.",
            Assert.Throws<AuditException>(() => Load(catalog)).Message
        );
    }

    [Fact]
    public void What_an_adapter_says_about_a_checkpoint_comes_through_as_it_is()
    {
        MoodyPlugin.Install(Folder, mood: "refuses");
        var catalog = Open();
        Assert.Equal(
            "This checkpoint is half baked; bake it.",
            Assert.Throws<AuditException>(() => Load(catalog)).Message
        );
    }

    [Fact]
    public void A_plugin_reads_safetensors_with_the_tool_s_reader()
    {
        MoodyPlugin.Install(Folder, mood: "reads safetensors");
        var catalog = Open();
        Assert.Equal(
            "'x' cannot be read; check that it is a file you may read.",
            Assert.Throws<AuditException>(() => Load(catalog)).Message
        );
    }

    [Fact]
    public void A_further_folder_must_exist_and_hold_plugins()
    {
        Assert.Equal(
            "There is no folder 'nowhere' for --plugins; give one that holds plugins as NAME/NAME.dll.",
            Assert.Throws<AuditException>(() => Open("nowhere")).Message
        );
        Assert.Equal(
            "The folder '.' for --plugins holds no plugin; a plugin is NAME/NAME.dll within it.",
            Assert
                .Throws<AuditException>(() =>
                    AdapterCatalog.Open(_tool.Surroundings with { WorkingDirectory = _model }, ".")
                )
                .Message
        );
    }

    private static void Load(AdapterCatalog catalog) =>
        catalog.Entries[0].Adapters[0].Load("x", torch.CPU, ModelLoadOptions.Trained).Dispose();

    private AdapterCatalog Open(string? further = null) => AdapterCatalog.Open(_tool.Surroundings, further);
}
