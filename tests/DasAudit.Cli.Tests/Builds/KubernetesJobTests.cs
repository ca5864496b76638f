using System.Globalization;
using k8s;
using k8s.Models;

namespace DasAudit.Cli.Tests.Builds;

/// <summary>docs/ci/kubernetes-features.yml as Kubernetes' own client reads it: every member is one of a job.</summary>
public static class KubernetesJobTests
{
    private static readonly string Text = File.ReadAllText(
        Path.Combine(AppContext.BaseDirectory, "Builds", "kubernetes-features.yml")
    );

    [Fact]
    public static void Each_pod_of_an_indexed_job_has_a_shard_of_its_own()
    {
        var job = Read(Text);

        Assert.Equal(("batch/v1", "Job", "Indexed"), (job.ApiVersion, job.Kind, job.Spec.CompletionMode));
        var command = Assert.Single(job.Spec.Template.Spec.Containers).Args[0];
        var shards = job.Spec.Completions!.Value.ToString(CultureInfo.InvariantCulture);
        Assert.Contains($"--shard \"$((JOB_COMPLETION_INDEX + 1))/{shards}\"", command, StringComparison.Ordinal);
    }

    [Fact]
    public static void The_pods_run_as_a_user_without_rights_on_a_volume_that_they_mount()
    {
        var pod = Read(Text).Spec.Template.Spec;

        var container = pod.Containers[0];
        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
        Assert.Equal(pod.Volumes.Select(volume => volume.Name), container.VolumeMounts.Select(mount => mount.Name));
    }

    [Theory]
    [InlineData("completionMode", "completionmode")]
    [InlineData("completions: 8", "completions: eight")]
    public static void What_is_no_job_is_not_read(string from, string to) =>
        Assert.ThrowsAny<Exception>(() => Read(Text.Replace(from, to, StringComparison.Ordinal)));

    private static V1Job Read(string text) => KubernetesYaml.Deserialize<V1Job>(text, strict: true);
}
