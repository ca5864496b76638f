using System.Runtime.InteropServices;
using DasAudit.Abstractions;
using DasAudit.Safetensors;
using TorchSharp;

namespace Moody;

/// <summary>An adapter that behaves, or misbehaves, as <c>mood.txt</c> beside its assembly says.</summary>
public sealed partial class MoodyAdapter : IModelAdapter
{
    private static readonly string Mood = ReadMood();

    static MoodyAdapter()
    {
        if (Mood == "static constructor throws")
            throw new InvalidOperationException("the stars are wrong");
    }

    public MoodyAdapter()
    {
        if (Mood == "constructor throws")
            throw new InvalidOperationException("not today");
    }

    public string Name => Mood.StartsWith("called ", StringComparison.Ordinal) ? Mood["called ".Length..] : "moody";

    public bool CanLoad(string path) =>
        Mood switch
        {
            "looking throws" => throw new InvalidOperationException("no eyes"),
            "recognises nothing" => false,
            _ => true,
        };

    public IDiffusionModel Load(string path, torch.Device device, ModelLoadOptions options) =>
        Mood switch
        {
            "refuses" => throw new AuditException("This checkpoint is half baked; bake it."),
            "needs a native library" => throw new InvalidOperationException(Call().ToString()),
            "reads safetensors" => throw new InvalidOperationException(FirstTensor(path)),
            "needs its dependency" => throw new InvalidOperationException(Greet()),
            _ => throw new InvalidOperationException("a bug"),
        };

    private static string ReadMood()
    {
        var file = Path.Combine(Path.GetDirectoryName(typeof(MoodyAdapter).Assembly.Location)!, "mood.txt");
        return File.Exists(file) ? File.ReadAllText(file).Trim() : "";
    }

    private static string FirstTensor(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return file.Names[0];
    }

    private static string Greet() => MoodyDependency.Greeting.Text;

    [LibraryImport("libmoody-is-nowhere", EntryPoint = "call")]
    private static partial int Call();
}
