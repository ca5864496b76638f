using DasAudit.Cli.Commands;
using DasAudit.Cli.Plugins;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Plugins;

/// <summary>Every way in which a plugin can be broken becomes one sentence.</summary>
public sealed class BrokenPluginTests : IDisposable
{
    private readonly Tool _tool = new();

    private string Folder => Path.Combine(_tool.ToolDirectory, "plugins");

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void A_folder_without_its_assembly()
    {
        var folder = Path.Combine(Folder, "Empty");
        Directory.CreateDirectory(folder);
        Assert.Equal($"'{folder}' holds no Empty.dll; a plugin's assembly is called like its folder.", Problem());
    }

    [Theory]
    [InlineData("")]
    [InlineData("not an assembly")]
    public void Junk(string content)
    {
        var path = MoodyPlugin.Install(Folder);
        File.WriteAllText(path, content);
        Assert.Equal($"'{path}' is no .NET assembly, or a damaged one; copy it again.", Problem());
    }

    [Fact]
    public void A_native_library()
    {
        var path = MoodyPlugin.Install(Folder);
        File.Copy(
            Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libtorch", "libc10.so"),
            path,
            overwrite: true
        );
        Assert.Equal($"'{path}' is no .NET assembly, or a damaged one; copy it again.", Problem());
    }

    [Fact]
    public void An_assembly_cut_short_anywhere_is_a_sentence()
    {
        var path = MoodyPlugin.Install(Folder);
        var whole = File.ReadAllBytes(path);
        for (var length = 0; length < whole.Length; length += 1 + whole.Length / 16)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.StartsWith($"'{path}' ", Problem(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_assembly_with_damaged_metadata()
    {
        var path = MoodyPlugin.Install(Folder);
        MoodyPlugin.Rename(path, "AssemblyInformationalVersionAttribute", "AssemblyInformationalVersionAttribuuu");
        Assert.StartsWith(
            $"'{path}' cannot be loaded: it does not fit contract 3.0 of this tool (",
            Problem(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(
        "4.0.0.0",
        "was built for contract 4.0, this tool has 3.0: update das-audit, or get the plugin for contract 3.0."
    )]
    [InlineData(
        "3.1.0.0",
        "was built for contract 3.1, this tool has 3.0: update das-audit, or get the plugin for contract 3.0."
    )]
    [InlineData("2.0.0.0", "was built for contract 2.0, this tool has 3.0: get the plugin for contract 3.0.")]
    public void Another_contract(string version, string sentence)
    {
        var path = MoodyPlugin.Install(Folder);
        MoodyPlugin.Retarget(path, "DasAudit.Abstractions", new(version));
        Assert.Equal($"'{path}' {sentence}", Problem());
    }

    [Fact]
    public void Another_version_of_the_safetensors_reader_is_another_contract()
    {
        var path = MoodyPlugin.Install(Folder);
        MoodyPlugin.Retarget(path, "DasAudit.Safetensors", new("3.3.0.0"));
        Assert.Equal(
            $"'{path}' was built for contract 3.3, this tool has 3.0: "
                + "update das-audit, or get the plugin for contract 3.0.",
            Problem()
        );
    }

    [Theory]
    [InlineData("DasAudit.Abstractions")]
    [InlineData("DasAudit.Safetensors")]
    public void A_newer_contract_that_the_plugin_ships_itself(string assembly)
    {
        var path = MoodyPlugin.Install(Folder);
        var copy = Path.Combine(Path.GetDirectoryName(path)!, $"{assembly}.dll");
        File.Copy(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll"), copy);
        Assert.Null(ProblemOrNull());

        MoodyPlugin.Reversion(copy, new("3.2.0.0"));
        Assert.Equal(
            $"'{path}' ships its own {assembly} 3.2, this tool has 3.0: "
                + "update das-audit, or get the plugin for contract 3.0.",
            Problem()
        );
    }

    [Fact]
    public void A_newer_TorchSharp()
    {
        var path = MoodyPlugin.Install(Folder);
        MoodyPlugin.Retarget(path, "TorchSharp", new("9.0.0.0"));
        Assert.StartsWith(
            $"'{path}' was built for TorchSharp 9.0.0, this tool has ",
            Problem(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_assembly_that_does_not_use_the_contract()
    {
        var path = MoodyPlugin.Install(Folder);
        File.Copy(Path.Combine(Path.GetDirectoryName(path)!, "MoodyDependency.dll"), path, overwrite: true);
        Assert.Equal(
            $"'{path}' does not use DasAudit.Abstractions, so it holds no adapter; is it the plugin's main assembly?",
            Problem()
        );
    }

    [Fact]
    public void An_assembly_without_an_adapter()
    {
        var path = MoodyPlugin.Install(Folder);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "DasAudit.Evidence.dll"), path, overwrite: true);
        Assert.Equal(
            $"'{path}' holds no public class that implements IModelAdapter; is it the right assembly?",
            Problem()
        );
    }

    [Fact]
    public void An_adapter_that_lacks_a_member_of_the_contract()
    {
        var path = MoodyPlugin.Install(Folder);
        MoodyPlugin.Rename(path, "CanLoad", "CanLoaf");
        var problem = Problem();
        Assert.StartsWith(
            $"'{path}' cannot be loaded: it does not fit contract 3.0 of this tool (",
            problem,
            StringComparison.Ordinal
        );
        Assert.Contains("CanLoad", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "constructor throws",
        "cannot start its adapter 'MoodyAdapter': InvalidOperationException: not today; ask the plugin's author."
    )]
    [InlineData(
        "static constructor throws",
        "cannot start its adapter 'MoodyAdapter': InvalidOperationException: the stars are wrong; ask the "
            + "plugin's author."
    )]
    [InlineData(
        "called Not A Name",
        "has an adapter called 'Not A Name'; a name is made of lower-case letters, digits and dashes."
    )]
    public void An_adapter_that_does_not_start(string mood, string sentence)
    {
        var path = MoodyPlugin.Install(Folder, mood: mood);
        Assert.Equal($"'{path}' {sentence}", Problem());
    }

    private string Problem() => ProblemOrNull() ?? throw new InvalidOperationException("The plugin is sound.");

    private string? ProblemOrNull()
    {
        var catalog = AdapterCatalog.Open(_tool.Surroundings, null);
        var entry = Assert.Single(catalog.Entries);
        Assert.Equal(entry.Problem is null, entry.Adapters.Count > 0);
        return entry.Problem;
    }
}
