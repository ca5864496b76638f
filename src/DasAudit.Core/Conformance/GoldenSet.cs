using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Core.Conformance;

/// <summary>Inputs and results of a reference run, in one file or several that go together.</summary>
internal sealed class GoldenSet : IDisposable
{
    private readonly List<SafetensorsFile> _files = [];
    private readonly Dictionary<string, GoldenTensor> _tensors = new(StringComparer.Ordinal);

    private GoldenSet() { }

    /// <summary>Each name once, by file and then in ordinal order.</summary>
    public IReadOnlyCollection<GoldenTensor> Tensors => _tensors.Values;

    /// <summary>Those that another file goes before with, under the names of their files.</summary>
    public IReadOnlyList<GoldenTensor> Superseded { get; private set; } = [];

    /// <summary>Paths of the files, for messages.</summary>
    public string Paths => string.Join(", ", _files.Select(file => $"'{file.Path}'"));

    /// <summary>
    /// Opens files. What several hold is taken from one without a network's input of its own, whose inputs stand in
    /// another that it may contradict; else from the last.
    /// </summary>
    /// <exception cref="AuditException">A file cannot be read.</exception>
    public static GoldenSet Open(IReadOnlyList<string> paths)
    {
        var set = new GoldenSet();
        try
        {
            foreach (var path in paths)
                set._files.Add(SafetensorsFile.Open(path));
            foreach (var file in set._files.OrderBy(file => HoldsInput(file) ? 0 : 1))
                set.Add(file);
            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    public GoldenTensor? Find(string name) => _tensors.GetValueOrDefault(name);

    public bool Has(string name) => _tensors.ContainsKey(name);

    /// <summary>Reads the tensor of a name that is there, in the caller's dispose scope.</summary>
    public Tensor Read(string name, ScalarType type) => _tensors[name].Read(type);

    public void Dispose() => _files.ForEach(file => file.Dispose());

    private static bool HoldsInput(SafetensorsFile file) =>
        file.Names.Any(name => GoldenTensor.Of(name, file).Name == GoldenInputs.Sample);

    private void Add(SafetensorsFile file)
    {
        var superseded = Superseded.ToList();
        foreach (var stored in file.Names.Order(StringComparer.Ordinal))
        {
            var tensor = GoldenTensor.Of(stored, file);
            if (_tensors.Remove(tensor.Name, out var earlier))
                superseded.Add(earlier);
            _tensors.Add(tensor.Name, tensor);
        }

        Superseded = superseded;
    }
}
