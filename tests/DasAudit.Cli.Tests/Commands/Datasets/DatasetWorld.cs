using DasAudit.Cli.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace DasAudit.Cli.Tests.Commands.Datasets;

/// <summary>A tool in whose working folder lies a dataset <c>pictures</c>, older than its clock by an hour.</summary>
internal sealed class DatasetWorld : IDisposable
{
    public DatasetWorld()
    {
        Tool.Variables.Clear();
        Tool.Replace = services => services.AddSingleton<TimeProvider>(new ShiftedTime(TimeSpan.FromHours(1)));
        Write("a.png", 1);
        Write("b.png", 2);
        Write("sub/c.png", 3);
        Metadata("a.png,Ann,MIT,train", "b.png,Bob,CC BY 4.0,train", "sub/c.png,Bob,MIT,test");
    }

    public Tool Tool { get; } = new();

    public string IndexFolder => Path.Combine(Tool.WorkingDirectory, ".das-audit", "indexes");

    public string At(string name) => Path.Combine(Tool.WorkingDirectory, "pictures", name);

    public void Write(string name, int seed)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), TestPictures.Png(seed));
    }

    public void Metadata(params string[] lines) =>
        Tool.Write(
            "pictures/metadata.csv",
            string.Join('\n', lines.Prepend("file_name,rights_holder,license,split")) + "\n"
        );

    public void Dispose() => Tool.Dispose();
}
