using System.Runtime.InteropServices;
using System.Text.Json;
using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.ConditionalUnet;
using DasAudit.Adapters.Diffusers.TextEncoders;
using DasAudit.Adapters.Diffusers.Vae;
using DasAudit.Benchmarks.Gradients;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Benchmarks.Runs;

/// <summary>
/// What loading Stable Diffusion 1.5 takes beside reading the bytes of its weights, which are random and in a temporary
/// folder. Seconds are the processor's, of all threads; files are read from memory, since they were just written.
/// </summary>
internal static class LoadingBenchmark
{
    public static void Run(bool json)
    {
        // As the tool loads: a thread that waits for work would count.
        set_num_threads(1);
        Output.WriteHeader(
            json,
            $"{"stored as", -9} {"weights MB", 10} {"read s", 7} {"load s", 7}",
            $"{"beside s", 8} {"layout s", 8} {"peak / weights", 14}"
        );
        foreach (var half in (bool[])[false, true])
        {
            var folder = Directory.CreateTempSubdirectory("das-audit-benchmark-");
            try
            {
                Write(folder.FullName, half);
                Measure(json, folder.FullName, half);
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    private static void Write(string pipeline, bool half)
    {
        foreach (var (name, stem, build, config) in StableDiffusionLayout.Parts)
        {
            var folder = Directory.CreateDirectory(Path.Combine(pipeline, name)).FullName;
            var text = JsonSerializer.Serialize(config);
            File.WriteAllText(Path.Combine(folder, "config.json"), text);
            using var network = build(JsonConfig.Parse("config.json", text));
            DefaultInitialization.Apply(network, seed: 1);
            Weights.Save(network, Path.Combine(folder, $"{stem}.safetensors"), half);
        }
    }

    private static void Measure(bool json, string pipeline, bool half)
    {
        var read = ProcessMeasures.Seconds(() => ReadBytes(pipeline));
        var networks = new List<nn.Module>();
        var load = 0.0;
        var peak = ProcessMeasures.PeakMB(() =>
            load = ProcessMeasures.Seconds(() => networks.AddRange(Load(pipeline)))
        );
        var weights = networks.SelectMany(network => network.parameters()).Sum(p => 4 * p.NumberOfElements) / 1048576.0;
        var layout = ProcessMeasures.Seconds(() => networks.ForEach(ConvolutionLayout.UseChannelsLast));
        networks.ForEach(network => network.Dispose());
        var type = half ? "float16" : "float32";
        Output.Write(
            json,
            new
            {
                storedAs = type,
                weightsMB = Math.Round(weights),
                readSeconds = Math.Round(read, 2),
                loadSeconds = Math.Round(load, 2),
                besideSeconds = Math.Round(load - read, 2),
                layoutSeconds = Math.Round(layout, 2),
                peakOverWeights = Math.Round(peak / weights, 3),
            },
            $"{type, -9} {weights, 10:F0} {read, 7:F2} {load, 7:F2}",
            $"{load - read, 8:F2} {layout, 8:F2} {peak / weights, 14:F3}"
        );
    }

    private static IEnumerable<nn.Module> Load(string pipeline)
    {
        foreach (var (name, stem, build, _) in StableDiffusionLayout.Parts)
        {
            var part = PipelinePart.Find(pipeline, name, stem);
            var network = build(part.ReadConfig());
            using var files = TensorFiles.Open(part.FindWeights());
            Weights.Load(network, files);
            yield return network;
        }
    }

    // Into memory of their own, as weights are read.
    private static unsafe void ReadBytes(string pipeline)
    {
        foreach (var path in Directory.EnumerateFiles(pipeline, "*.safetensors", SearchOption.AllDirectories))
        {
            using var file = File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            var memory = (byte*)NativeMemory.Alloc((nuint)length);
            for (long position = 0; position < length; )
            {
                var rest = (int)Math.Min(length - position, 1 << 24);
                position += RandomAccess.Read(file, new Span<byte>(memory + position, rest), position);
            }
            NativeMemory.Free(memory);
        }
    }
}
